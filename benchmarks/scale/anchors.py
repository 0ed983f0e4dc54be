"""What the paper says of loads that were measured: whether to believe it."""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.result import REPORT
from components.litellm.expected_load import ExpectedLoad
from components.stack.costs import Costs
from components.stack.expected_load import EDGE, INGRESS, REPLICA, workers_needed

STREAMS, SIDE_BY_SIDE = "1000 streams, a chunk each 2 s: failed", ExpectedLoad(streams=1000, chunks_per_second=0.5)
EDGE_MS = "edge and ingress: processor time that a request adds, ms"
CAPACITY = re.compile(r"^- capacity of one replica with one worker: ([\d.]+) requests/s$", re.MULTILINE)
GATEWAY = re.compile(r"^- gateway: .*one replica of (\d+) workers", re.MULTILINE)
BEGIN = re.compile(r"^(\d+) begin a second")


@dataclass(frozen=True)
class Anchor:
    """One measured load."""

    what: str
    paper: str
    measured: str
    report: str
    """Name of the report's file."""


def anchors(costs: Costs, where: Path = REPORT) -> list[Anchor]:
    """Return what the reports in a folder have measured; a report that is missing has none."""
    return [*_faults(costs, where / "faults.md"), *_admission(costs, where / "admission.md")]


def _faults(costs: Costs, report: Path) -> Iterator[Anchor]:
    found = CAPACITY.search(report.read_text()) if report.exists() else None
    if found:
        paper = f"{1000 / costs.request_ms[REPLICA]:.1f}"
        yield Anchor("requests/s of a worker that is always busy", paper, found[1], report.name)


def _admission(costs: Costs, report: Path) -> Iterator[Anchor]:
    if not report.exists():
        return
    rows: Mapping[str, Any] = {row["name"]: row for row in json.loads(report.with_suffix(".json").read_text())}
    if EDGE_MS in rows:
        paper = f"{costs.request_ms[EDGE] + costs.request_ms[INGRESS]:.2f}"
        yield Anchor(
            "processor time of a request at edge and ingress, ms", paper, f"{rows[EDGE_MS]['value']:.2f}", report.name
        )
    rate = BEGIN.match(rows[STREAMS]["text"]) if STREAMS in rows else None
    workers = GATEWAY.search(report.read_text())
    if rate and workers:
        load = SIDE_BY_SIDE.model_copy(update={"requests_per_second": float(rate[1])})
        seen = f"{workers[1]} carried it, {rows[STREAMS]['value']:g} failed"
        what = f"workers for {load.streams:,} streams, a chunk each 2 s, of which {rate[1]} begin a second"
        yield Anchor(what, f"{workers_needed(load, costs)}", seen, report.name)
