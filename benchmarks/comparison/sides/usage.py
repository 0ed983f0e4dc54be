"""What a stack's containers have used so far: processor time and memory from their cgroups, Postgres's own counters."""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

from docker.models.containers import Container

from components.engine.labels import WORKLOAD_LABEL
from testbed.project import Project

PARTS = {
    "litellm": "LiteLLM",
    "postgres": "Postgres",
    "redis": "Redis",
    "edge": "edge and ingress",
    "monitoring": "monitoring",
}
"""Part → its name in the report. The mock provider is no part of a gateway."""
COPY = "litellm-copy"
"""Workload of a copy of a replica, beside it."""
PART_OF = {
    COPY: "litellm", "litellm": "litellm", "postgres": "postgres", "redis": "redis", "edge": "edge", "ingress": "edge",
    "prometheus": "monitoring", "grafana": "monitoring",
}  # fmt: skip
"""Workload, without its number → part."""
RESIDENT = ("anon", "total_rss", "rss")
"""Name of resident memory in a cgroup's statistics: of version 2, then of version 1."""
COUNTERS = """select xact_commit + xact_rollback, pg_snapshot_xmax(pg_current_snapshot()),
    tup_inserted + tup_updated + tup_deleted from pg_stat_database where datname = 'litellm'"""
"""Only a transaction that writes gets a number (https://www.postgresql.org/docs/15/transaction-id.html)."""


PartOf = Callable[[str], str | None]
"""Workload → its part."""


def part_of(workload: str) -> str | None:
    """Return which part a workload belongs to; None for the mock provider, backups and jobs."""
    name, _, last = workload.rpartition("-")
    if last == "exporter":
        return "monitoring"
    return PART_OF.get(name if last.isdigit() else workload)


def of_parts(containers: Iterable[Container], parts: Collection[str]) -> list[Container]:
    """Return the containers that belong to these parts."""
    return [each for each in containers if part_of(each.labels.get(WORKLOAD_LABEL, "")) in parts]


def processor_seconds(containers: Iterable[Container], belongs: PartOf = part_of) -> dict[str, float]:
    """Return the processor time that each part has used since its containers started, in seconds."""
    found: defaultdict[str, float] = defaultdict(float)
    for part, stats in _statistics(containers, belongs):
        found[part] += stats["cpu_stats"]["cpu_usage"]["total_usage"] / 1e9
    return found


def resident_mib(containers: Iterable[Container], belongs: PartOf = part_of) -> dict[str, float]:
    """Return the memory that the processes of each part hold, in MiB, without the cache of files."""
    found: defaultdict[str, float] = defaultdict(float)
    for part, stats in _statistics(containers, belongs):
        memory = stats["memory_stats"]["stats"]
        found[part] += next(memory[name] for name in RESIDENT if name in memory) / 2**20
    return found


def used(
    before: Mapping[str, float], after: Mapping[str, float], known: Iterable[str] = tuple(PARTS)
) -> dict[str, float]:
    """Return what each known part used between two readings, and their sum as `all`.

    Raises:
        AssertionError: when a container was replaced between them.
    """
    parts = {part: after.get(part, 0) - before.get(part, 0) for part in known}
    assert min(parts.values()) >= 0, f"a container was replaced while it was measured: {parts}"
    return {**parts, "all": sum(parts.values())}


@dataclass(frozen=True)
class DatabaseWork:
    """What Postgres has done so far."""

    transactions: int
    """In LiteLLM's database, ended. Most only read; the monitoring's are among them."""
    writes: int
    """Transactions that wrote."""
    rows: int
    """Inserted, changed and deleted, in LiteLLM's database."""


def database_work(project: Project) -> DatabaseWork:
    """Read Postgres' counters."""
    transactions, writes, rows = project.sql(COUNTERS).split("|")
    return DatabaseWork(int(transactions), int(writes), int(rows))


def _statistics(containers: Iterable[Container], belongs: PartOf) -> list[tuple[str, dict[str, Any]]]:
    """Read the engine's statistics of all parts at once: one reading after the other would take seconds."""
    known = [(part, each) for each in containers if (part := belongs(each.labels.get(WORKLOAD_LABEL, "")))]
    with ThreadPoolExecutor(len(known)) as pool:
        read = list(pool.map(lambda pair: _one(pair[1]), known))
    return [(part, stats) for (part, _), stats in zip(known, read, strict=True)]


def _one(container: Container) -> dict[str, Any]:
    stats = container.stats(stream=False, one_shot=True)
    assert isinstance(stats, dict)
    return stats
