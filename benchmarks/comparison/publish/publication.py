"""What the README shows of the report: a table and two plots, all made of the rows of bench.json."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from benchmarks.comparison.figures.row import Row
from benchmarks.comparison.publish import plots
from benchmarks.comparison.publish.report import table
from benchmarks.comparison.scenario import Scenario
from benchmarks.result import REPORT
from bootstrap.project import ROOT
from tools.document import Document

README = Document(ROOT / "README.md", "benchmark")
HEADING = """\
## What it is worth, measured
`make bench` compares the gateway (a) with a plain deployment, with Docker Compose and with LiteLLM alone (b). It writes
this table and the whole [report](benchmarks/report/bench.md); [docs/performance.md](docs/performance.md) says why a
goal is missed.
"""
BASELINE = "baseline's settings"
PROMISES, ALTERNATIVES = "bench-promises", "bench-alternatives"
"""Names of the plots: prod against baseline, and the gateway against what somebody would use instead."""
TITLES = {
    PROMISES: "prod's settings (a) against baseline's (b)",
    ALTERNATIVES: "the gateway (a) against what it is compared with (b)",
}


def drawn(rows: Sequence[Row], scenarios: Sequence[Scenario[Any]]) -> dict[str, plots.Spec]:
    """Return the plots of these rows by name: each row with a goal. A plot without rows is left out."""
    known = {row.name: row for row in rows}
    split: Mapping[str, list[Row]] = {PROMISES: [], ALTERNATIVES: []}
    for scenario in scenarios:
        name = PROMISES if scenario.b.startswith(BASELINE) else ALTERNATIVES
        split[name].extend(known[each.name] for each in scenario.metrics if each.goal and each.name in known)
    return {name: plots.ratios(TITLES[name], found) for name, found in split.items() if found}


def readme_part(rows: Sequence[Row], scenarios: Sequence[Scenario[Any]]) -> str:
    """Return the README's table and plots; an empty text before the first full run."""
    headlines = {metric.name for scenario in scenarios for metric in scenario.metrics if metric.headline}
    shown = [row for row in rows if row.name in headlines]
    if not shown:
        return ""
    lines = [HEADING, *table(shown)]
    folder = REPORT.relative_to(ROOT).as_posix()
    lines += ["", *(f"![{TITLES[name]}]({folder}/{name}.svg)" for name in drawn(rows, scenarios))]
    return "\n".join(lines)


def draw(rows: Sequence[Row], scenarios: Sequence[Scenario[Any]], where: Path) -> list[str]:
    """Draw the plots into a folder; return their names."""
    specs = drawn(rows, scenarios)
    for name, spec in specs.items():
        plots.write(where, name, spec)
    return list(specs)
