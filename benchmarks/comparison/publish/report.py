"""bench.json, bench-runs.json and bench.md."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from types import MappingProxyType
from typing import Any

from benchmarks.comparison.effort import Effort
from benchmarks.comparison.figures.row import Row
from benchmarks.comparison.run import Outcome
from benchmarks.comparison.samples import Run
from benchmarks.comparison.scenario import Scenario
from benchmarks.result import REPORT

QUICK_REPORT = REPORT / "raw" / "quick"
"""A quick run's report. It is not in git: its figures say little."""
RUNS = "bench-runs.json"
WRITTEN = (
    "Written by `make bench`. `bench.json` holds the same figures, `bench-runs.json` what each scenario was measured"
    " on; `raw/` holds each round and each request, on the machine that ran it."
)
HOW = """\
`a` and `b` are measured in turn (a b a b …), so that what slows the machine for minutes is in both. They have the same
machine, images, LiteLLM release, mock provider, data and load; the load comes from the same machine. While one gateway
is measured the other one is frozen. A round measures each side once.

`a` and `b` are geometric means of the rounds, `a / b` is their ratio. The interval is the 95 % interval of what the
goal is about. For `a / b`: Student's t of the rounds' log(a / b). For sums: the same, with the sums of the rounds as
`a` and `b`. For `a`: Student's t of the rounds, whose means `a` and `b` are then. For a slope: least squares over the
series, with a moving-block bootstrap of its residuals. A goal is reached when the whole interval is on its good side;
with too few rounds for an interval it is not."""


def folder(effort: Effort) -> Path:
    """Return where the report of a run is."""
    return effort.of(REPORT, QUICK_REPORT)


def read(where: Path = REPORT) -> list[Row]:
    """Return the rows of bench.json; none when there is no such file."""
    file = where / "bench.json"
    return [Row.read(each) for each in json.loads(file.read_text())] if file.exists() else []


def merged(
    before: Iterable[Row], measured: Mapping[str, Sequence[Row]], scenarios: Sequence[Scenario[Any]]
) -> list[Row]:
    """Return the rows of all scenarios in their order: those measured, and what the report had of the others."""
    known = {row.name: row for row in before}
    rows: list[Row] = []
    for scenario in scenarios:
        names = [metric.name for metric in scenario.metrics]
        rows += measured.get(scenario.name) or [known[name] for name in names if name in known]
    return rows


def read_runs(where: Path = REPORT) -> dict[str, Run]:
    """Return what each scenario of the report was measured on, by its name."""
    file = where / RUNS
    return {name: Run(**each) for name, each in json.loads(file.read_text()).items()} if file.exists() else {}


def merged_runs(
    before: Mapping[str, Run], measured: Iterable[str], run: Run, scenarios: Sequence[Scenario[Any]]
) -> dict[str, Run]:
    """Return what each scenario was measured on: this run, or an earlier one."""
    known = {**before, **dict.fromkeys(measured, run)}
    return {each.name: known[each.name] for each in scenarios if each.name in known}


def markdown(
    rows: Sequence[Row],
    scenarios: Sequence[Scenario[Any]],
    outcome: Outcome,
    about: Mapping[str, str],
    *,
    plots: Sequence[str] = (),
    runs: Mapping[str, Run] = MappingProxyType({}),
) -> str:
    """Format the report."""
    known = {row.name: row for row in rows}
    lines = ["# Benchmark", "", WRITTEN, ""]
    lines += [f"- {name}: {value}" for name, value in about.items()]
    lines += ["", "## How it is measured", HOW, ""]
    lines += [f"![{plot}]({plot}.svg)" for plot in plots]
    for scenario in scenarios:
        found = [known[metric.name] for metric in scenario.metrics if metric.name in known]
        lines += ["", f"## {scenario.name}", scenario.text, "", f"- a: {scenario.a}", f"- b: {scenario.b}"]
        if run := runs.get(scenario.name):
            lines += [f"- measured on commit {run.commit}, {run.machine}"]
        if failure := outcome.failures.get(scenario.name):
            lines += [f"- **the last run failed:** {failure}"]
        lines += ["", *table(found)] if found else ["", "Not measured."]
    return "\n".join(lines) + "\n"


def table(rows: Iterable[Row]) -> list[str]:
    """Format rows as a Markdown table."""
    head = ["| what | a | b | a / b | 95 % interval | goal | reached |", "|---|---|---|---|---|---|---|"]
    return head + [
        f"| {each.name} | {each.a:g} | {each.b:g} | {number(each.ratio)} | {interval(each)} | {each.goal or '–'}"
        f" | {reached(each)} |"
        for each in rows
    ]


def line(row: Row) -> str:
    """Format a row for the terminal."""
    end = f", goal {row.goal}: {reached(row)}" if row.goal else ""
    return f"{row.name}: {row.a:g} / {row.b:g} = {number(row.ratio)}, {interval(row)}{end}"


def number(value: float | None) -> str:
    """Format a figure; a dash when there is none."""
    return "–" if value is None else f"{value:g}"


def interval(row: Row) -> str:
    """Format a row's interval; a dash when there is none."""
    return "–" if row.low is None or row.high is None else f"{row.low:g} to {row.high:g}"


def reached(row: Row) -> str:
    """Format whether a row's goal holds."""
    return {True: "yes", False: "**no**", None: "–"}[row.ok]


def write(where: Path, rows: Sequence[Row], runs: Mapping[str, Run], text: str) -> None:
    """Write the report in all forms."""
    where.mkdir(parents=True, exist_ok=True)
    figures = json.dumps([each.to_dict() for each in rows], indent=2, ensure_ascii=False)
    (where / "bench.json").write_text(f"{figures}\n")
    documents = json.dumps({name: asdict(run) for name, run in runs.items()}, indent=2)
    (where / RUNS).write_text(f"{documents}\n")
    (where / "bench.md").write_text(text)
