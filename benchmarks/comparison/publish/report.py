"""bench.json, bench-runs.json and bench.md."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from types import MappingProxyType
from typing import Any

from benchmarks.comparison.effort import Effort
from benchmarks.comparison.figures.row import Row
from benchmarks.comparison.samples import Run, stored
from benchmarks.comparison.scenario import Scenario
from benchmarks.result import RAW, REPORT

QUICK_REPORT = REPORT / "raw" / "quick"
"""A quick run's report. It is not in git: its figures say little."""
RUNS = "bench-runs.json"
ROUNDS = "rounds"
WRITTEN = (
    "Written by `make bench`. `bench.json` holds the same figures, `bench-runs.json` what each scenario was measured"
    f" on, `{ROUNDS}/` the rounds that figures can be computed of again; `raw/` holds each request, on the machine that"
    " ran it."
)
HOW = """\
`a` and `b` are measured in turn (a b a b …), so that what slows the machine for minutes is in both. They have the same
machine, images, LiteLLM release, mock provider, data and load; the load comes from the same machine. A round measures
each side once. Where two gateways are loaded in turn, the one that is not is frozen meanwhile.

`a` and `b` are geometric means of the rounds, `a / b` is their ratio. The interval is the 95 % interval of what the
goal is about. For `a / b`: Student's t of the rounds' log(a / b). Where the row is a sum, `a` and `b` are sums of the
rounds, and `a / b` and its interval are those of a round. For `a`: Student's t of the rounds, whose means `a` and `b`
are then. For a slope: least squares over the series, with a moving-block bootstrap of its residuals. A goal is reached
when the whole interval is on its good side; with too few rounds for an interval it is not.

Scenarios are measured at different times, on what each names. Figures of two scenarios can be compared only where
that is the same."""


def folder(effort: Effort) -> Path:
    """Return where the report of a run is."""
    return effort.of(REPORT, QUICK_REPORT)


def rounds_folder(effort: Effort) -> Path:
    """Return where the rounds of a run are. Those of a full run are in git: every figure can be computed again."""
    return effort.of(REPORT / ROUNDS, RAW / "bench" / effort.value)


def complete(scenarios: Sequence[Scenario[Any]], effort: Effort, rounds: Path) -> dict[str, tuple[Run, list[Row]]]:
    """Return the rows of the scenarios whose rounds are all there, and what they were measured on, by name.

    Args:
        scenarios: to look for.
        effort: of the run.
        rounds: folder with a file of rounds for each.
    """
    found = {each.name: (each, stored(each.file(rounds))) for each in scenarios}
    return {
        name: (kept[0], scenario.rows(kept[1], effort))
        for name, (scenario, kept) in found.items()
        if kept and len(kept[1]) >= scenario.count(effort)
    }


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
    before: Mapping[str, Run], measured: Mapping[str, Run], scenarios: Sequence[Scenario[Any]]
) -> dict[str, Run]:
    """Return what each scenario was measured on, in their order."""
    known = {**before, **measured}
    return {each.name: known[each.name] for each in scenarios if each.name in known}


def markdown(
    rows: Sequence[Row],
    scenarios: Sequence[Scenario[Any]],
    *,
    plots: Iterable[str] = (),
    runs: Mapping[str, Run] = MappingProxyType({}),
) -> str:
    """Format the report."""
    known = {row.name: row for row in rows}
    lines = ["# Benchmark", "", WRITTEN, "", "## How it is measured", HOW, ""]
    lines += [f"![{plot}]({plot}.svg)" for plot in plots]
    for scenario in scenarios:
        found = [known[metric.name] for metric in scenario.metrics if metric.name in known]
        run = runs.get(scenario.name)
        # What was measured may be another thing than what the program would measure.
        said = run or scenario
        lines += ["", f"## {scenario.name}", said.text, "", f"- a: {said.a}", f"- b: {said.b}"]
        if run:
            versions = "".join(f"; {name} {version}" for name, version in run.versions.items())
            lines += [f"- {run.effort} run on commit {run.commit}, {run.machine}{versions}"]
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
