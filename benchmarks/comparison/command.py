"""`python -m benchmarks bench` and `publish`."""

from typing import Annotated, Any

import typer
from rich.console import Console

from benchmarks.comparison.effort import Effort
from benchmarks.comparison.publish import publication, report
from benchmarks.comparison.publish.machine import run_of
from benchmarks.comparison.run import Runner
from benchmarks.comparison.scenario import Scenario
from benchmarks.comparison.scenarios.registry import QUICK, SCENARIOS
from benchmarks.tools import Tool

app = typer.Typer()


@app.command(epilog="Example: python -m benchmarks bench --only load --only database")
def bench(
    *,
    quick: Annotated[bool, typer.Option("--quick", help="Try most in minutes; the figures say little.")] = False,
    only: Annotated[list[str] | None, typer.Option(help="Scenario to measure; can be repeated.")] = None,
) -> None:
    """Compare prod with baseline, Compose and plain LiteLLM. An interrupted run goes on where it ended.

    The exit code is 1 when a scenario could not be measured. A goal that is missed is a result, not an error.
    """
    console = Console(soft_wrap=True, highlight=False)
    effort = Effort.QUICK if quick else Effort.FULL
    for tool in (Tool.VEGETA, Tool.COMPOSE):
        tool.build()
    outcome = Runner(effort, run_of(effort), report.rounds_folder(effort), console).measure(chosen(only or [], effort))
    write(effort)
    for row in (each for found in outcome.rows.values() for each in found):
        console.print(report.line(row), markup=False)
    where = report.folder(effort)
    console.print(f"written: {where / 'bench.md'}, bench.json{', README.md' if effort is Effort.FULL else ''}")
    if outcome.failures:
        console.print(f"not measured: {'; '.join(outcome.failures)}", markup=False)
        raise typer.Exit(1)


@app.command(epilog="Example: python -m benchmarks publish")
def publish() -> None:
    """Compute the rows anew from the rounds; write bench.json, bench.md, the plots and the README's part."""
    write(Effort.FULL)


def write(effort: Effort) -> None:
    """Write the report in all forms."""
    where, measured = report.folder(effort), report.complete(SCENARIOS, effort, report.rounds_folder(effort))
    where.mkdir(parents=True, exist_ok=True)
    rows = report.merged(report.read(where), {name: rows for name, (_, rows) in measured.items()}, SCENARIOS)
    runs = report.merged_runs(report.read_runs(where), {name: run for name, (run, _) in measured.items()}, SCENARIOS)
    names = publication.draw(rows, SCENARIOS, where)
    report.write(where, rows, runs, report.markdown(rows, SCENARIOS, plots=names, runs=runs))
    if effort is Effort.FULL:
        publication.README.write(publication.readme_part(rows, SCENARIOS))


def chosen(names: list[str], effort: Effort) -> list[Scenario[Any]]:
    """Return the named scenarios, or all of an effort.

    Raises:
        typer.BadParameter: names one that does not exist.
    """
    known = [each.name for each in SCENARIOS]
    if wrong := [name for name in names if name not in known]:
        raise typer.BadParameter(f"--only {wrong[0]}: there is no such scenario; there are {', '.join(known)}")
    if names:
        return [each for each in SCENARIOS if each.name in names]
    return list(effort.of(SCENARIOS, QUICK))
