"""`python -m benchmarks bench` and `publish`."""

from typing import Annotated, Any

import typer
from rich.console import Console

from benchmarks.comparison.effort import Effort
from benchmarks.comparison.publish import publication, report
from benchmarks.comparison.publish.machine import about, run_of
from benchmarks.comparison.run import Runner
from benchmarks.comparison.scenario import Scenario
from benchmarks.comparison.scenarios.registry import QUICK, SCENARIOS
from benchmarks.result import RAW, REPORT
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
    run = run_of(effort)
    folder = RAW / "bench" / effort.value
    outcome = Runner(effort, run, folder, console).measure(chosen(only or [], effort))
    where = report.folder(effort)
    where.mkdir(parents=True, exist_ok=True)
    rows = report.merged(report.read(where), outcome.rows, SCENARIOS)
    runs = report.merged_runs(report.read_runs(where), outcome.rows, run, SCENARIOS)
    details = {**about(run), "measured in the last run": ", ".join(outcome.rows), "rounds": effort.value,
               "time": f"{outcome.seconds:.0f} s"}  # fmt: skip
    names = publication.draw(rows, SCENARIOS, where)
    report.write(where, rows, runs, report.markdown(rows, SCENARIOS, outcome, details, plots=names, runs=runs))
    if effort is Effort.FULL:
        publication.README.write(publication.readme_part(rows, SCENARIOS))
    for row in (each for found in outcome.rows.values() for each in found):
        console.print(report.line(row), markup=False)
    console.print(f"written: {where / 'bench.md'}, bench.json{', README.md' if effort is Effort.FULL else ''}")
    if outcome.failures:
        console.print(f"not measured: {'; '.join(outcome.failures)}", markup=False)
        raise typer.Exit(1)


@app.command(epilog="Example: python -m benchmarks publish")
def publish() -> None:
    """Draw the plots and write the README's part anew from bench.json."""
    rows = report.read()
    publication.draw(rows, SCENARIOS, REPORT)
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
