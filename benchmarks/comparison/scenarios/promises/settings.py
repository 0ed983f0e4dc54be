"""What each of prod's settings brings, alone, to a gateway with baseline's settings."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from typing import Any

from benchmarks.comparison.effort import Effort
from benchmarks.comparison.figures.metric import Metric
from benchmarks.comparison.scenario import Group, Scenario, Sides
from benchmarks.comparison.scenarios.promises.load import CALLERS, completions
from benchmarks.comparison.sides.gateways import MeasuredGateway, Pair, both, configuration, pair_of
from testbed.project import place

CHANGED = "bench-changed"


@dataclass(frozen=True)
class Change:
    """One of prod's differences from baseline."""

    name: str
    text: str
    paths: Sequence[str]
    """The settings that have prod's values. Where prod names none, that is the program's default."""
    needs: Sequence[str] = ()
    """Settings without which the program refuses these: both sides have prod's values of them."""
    with_both: str = ""
    """What those are."""


WORKERS = ("gateway:litellm.workers", "gateway:litellm.memory_mib")
CHANGES = (
    # What the measurement itself makes of two equal gateways.
    Change("control", "no change, as a control", ()),
    Change("workers", "two workers in place of one", WORKERS),
    Change("log-level", "`log_level: ERROR` in place of `INFO`", ("gateway:litellm.log_level",)),
    Change("json-logs", "`json_logs`", ("gateway:litellm.config.json_logs",)),
    Change("recycling", "workers that are replaced after 10,000 requests",
           ("gateway:litellm.max_requests_before_restart",), needs=WORKERS, with_both="two workers"),
    Change("pools", "pools of 50 connections in place of 25 and 20",
           ("gateway:litellm.config.database_connection_pool_limit",
            "gateway:litellm.config.redis_connection_pool_limit")),
    Change("write-interval", "spend written each 60 s in place of 10 s",
           ("gateway:litellm.config.proxy_batch_write_at",)),
    Change("buffer", "spend collected in Redis", ("gateway:litellm.config.use_redis_transaction_buffer",)),
    Change("retries", "retries and cooldowns by kind of error",
           ("gateway:litellm.config.retry_policy", "gateway:litellm.config.allowed_fails_policy",
            "gateway:litellm.config.allowed_fails", "gateway:litellm.config.cooldown_time")),
    Change("retention", "old spend logs deleted", ("gateway:litellm.config.spend_logs_retention",)),
    Change("monitoring", "monitoring", ("gateway:monitoring",)),
)  # fmt: skip


def with_values_of_prod(paths: Sequence[str]) -> dict[str, Any]:
    """Return baseline's configuration with prod's values of some settings."""
    changed, prod = configuration("baseline"), configuration("prod")
    for path in paths:
        (own, key), (theirs, _) = place(changed, path), place(prod, path)
        own.pop(key, None)
        if key in theirs:
            own[key] = theirs[key]
    return changed


def deploy(gateway: MeasuredGateway, paths: Sequence[str]) -> None:
    """Give a gateway baseline's settings, with prod's values of some."""
    gateway.resume()
    gateway.project.configure(with_values_of_prod(paths) | {"gateway:edge": gateway.project.config["gateway:edge"]})
    gateway.project.up()


def changed(change: Change) -> Callable[[Pair, Effort], AbstractContextManager[Sides]]:
    """Return the opener of the comparison of the changed gateway (a) with baseline's (b)."""

    @contextmanager
    def opened(pair: Pair, effort: Effort) -> Iterator[Sides]:
        deploy(pair.hardened, (*change.paths, *change.needs))
        deploy(pair.baseline, change.needs)
        for gateway in (pair.hardened, pair.baseline):
            gateway.restart()
        with both(completions)(pair, effort) as sides:
            yield sides

    return opened


def scenario(change: Change) -> Scenario[Pair]:
    """Describe the comparison of a change."""
    common = f"baseline's settings{f' and {change.with_both}' if change.with_both else ''}"
    return Scenario(
        name=f"setting-{change.name}",
        text=f"The load of `load` on a gateway with {common}, and one of prod's: {change.text}. The replicas of both"
        " have started just before.",
        a=f"{common} with {change.text}",
        b=f"{common} as they are",
        group=GROUP,
        open=changed(change),
        metrics=(
            Metric("rate", f"{change.name} alone: requests/s at {CALLERS} concurrent"),
            Metric("whole_p99", f"{change.name} alone: p99 at {CALLERS} concurrent, ms"),
            Metric("processor_all", f"{change.name} alone: processor seconds per 1,000 requests"),
        ),
    )


GROUP = Group(
    "baseline's gateway and one that differs in a setting",
    lambda _: pair_of(CHANGED, configuration("baseline"), health_port=False),
)
SETTINGS: tuple[Scenario[Pair], ...] = tuple(scenario(change) for change in CHANGES)
