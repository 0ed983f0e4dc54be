"""The generated parts of docs/sizing.md."""

import math
from collections.abc import Mapping

import yaml

from benchmarks.sizing.figures import COSTS
from benchmarks.sizing.report import Report
from bootstrap.project import ROOT
from components.litellm.expected_load import ExpectedLoad
from components.stack.costs import Costs
from components.stack.expected_load import (
    REPLICA,
    UTILISATION,
    beyond,
    processors_needed,
    stacks_needed,
    workers_needed,
)
from components.stack.sizing import WORKER_MEMORY_MIB
from tools.document import Document

PAGE = ROOT / "docs" / "sizing.md"
EXAMPLE = ExpectedLoad(streams=500, chunks_per_second=30, requests_per_second=20)
LOADS = (
    ExpectedLoad(requests_per_second=50),
    ExpectedLoad(streams=100, chunks_per_second=30, requests_per_second=10),
    EXAMPLE,
    ExpectedLoad(streams=1000, chunks_per_second=0.5, requests_per_second=5),
    ExpectedLoad(streams=1000, chunks_per_second=50, requests_per_second=50),
)
UNMEASURED = "None are published. Measure yours: `make sizing`."
REPLICAS = 2
"""Of the example."""
TOO_FEW = 2
"""Workers that cannot carry it."""


def parts(report: Report | None) -> Mapping[Document, str]:
    """Return the text of each generated part."""
    shown = ([UNMEASURED], stack(EXAMPLE)) if report is None else (figures(report), example(report.costs))
    names = ("figures", "example")
    return {Document(PAGE, name): "\n".join(lines) for name, lines in zip(names, shown, strict=True)}


def write(report: Report) -> None:
    """Write the generated parts into the page."""
    for document, text in parts(report).items():
        document.write(text)


def figures(report: Report) -> list[str]:
    """Return the lines with the costs, and with the workers that some loads need."""
    machine, commit, found = report.about["machine"], report.about["commit"], report.costs
    return [
        f"Measured on {machine}, commit {commit}:",
        "",
        *_cost_table(found),
        "",
        f"With each processor busy for {UTILISATION:.0%} of the time, these loads need:",
        "",
        "| streams at once | chunks/s of each | requests/s | workers | processors for all parts | stacks |",
        "|---|---|---|---|---|---|",
        *(_load_row(load, found) for load in LOADS),
    ]


def example(found: Costs) -> list[str]:
    """Return the lines with a stack that carries the example's load, and with what another one is told."""
    workers = math.ceil(workers_needed(EXAMPLE, found) / REPLICAS)
    sizes = {"replicas": REPLICAS, "workers": workers, "memory_mib": workers * WORKER_MEMORY_MIB}
    return [
        *stack(EXAMPLE, sizes),
        "",
        f"With {TOO_FEW} workers, it would say:",
        "",
        f"    {beyond(EXAMPLE, TOO_FEW, found)}",
    ]


def stack(load: ExpectedLoad, sizes: Mapping[str, int] | None = None) -> list[str]:
    """Return the lines of a stack file that expects the load."""
    litellm = {**(sizes or {}), "expected_load": load.model_dump()}
    return ["```yaml", yaml.safe_dump({"config": {"gateway:litellm": litellm}}, sort_keys=False).rstrip(), "```"]


def _load_row(load: ExpectedLoad, found: Costs) -> str:
    chunks = f"{load.chunks_per_second:g}" if load.streams else "–"
    needed = f"{workers_needed(load, found)} | {processors_needed(load, found)} | {stacks_needed(load, found)}"
    return f"| {load.streams:,} | {chunks} | {load.requests_per_second:g} | {needed} |"


def _cost_table(found: Costs) -> list[str]:
    """Format the costs of the replica, and of all parts together."""
    lines = ["| what | LiteLLM | all parts |", "|---|---|---|"]
    for cost in COSTS:
        values = getattr(found, cost.key)
        own = f"{values[REPLICA]:.3g}" if REPLICA in values else "–"
        lines.append(f"| {cost.text} | {own} | {sum(values.values()):.3g} |")
    return lines
