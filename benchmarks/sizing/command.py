"""`python -m benchmarks sizing` and `publish-sizing`."""

import asyncio
import time
from dataclasses import replace
from typing import Annotated

import typer
from rich.console import Console

from benchmarks.comparison.effort import Effort
from benchmarks.comparison.publish.machine import run_of, without_tools
from benchmarks.comparison.publish.report import folder
from benchmarks.comparison.run import stopped_by_signal
from benchmarks.result import REPORT
from benchmarks.scale import page as scale
from benchmarks.sizing import page, report
from benchmarks.sizing.figures import figures
from benchmarks.sizing.gateway import started
from benchmarks.sizing.measure import Measurement
from benchmarks.sizing.meter import Meter
from benchmarks.sizing.plan import Plan, plan_of
from benchmarks.sizing.readings import Round
from components.stack.costs import Parts

app = typer.Typer()


@app.command(epilog="Example: python -m benchmarks sizing --quick")
def sizing(
    *,
    quick: Annotated[bool, typer.Option("--quick", help="Try every step once; the figures say little.")] = False,
    rounds: Annotated[int | None, typer.Option(min=1, help="Rounds to measure, in place of three.")] = None,
) -> None:
    """Measure what a request, a chunk, a connection and a body cost; write the figures that previews use."""
    console = Console(soft_wrap=True, highlight=False)
    effort, begin = Effort.QUICK if quick else Effort.FULL, time.monotonic()
    plan = plan_of(effort)
    readings, start = measured(replace(plan, rounds=rounds or plan.rounds), console)
    details = {
        **without_tools(run_of(effort)),
        "rounds": f"{len(readings)}",
        "time": f"{time.monotonic() - begin:.0f} s",
    }
    found = report.Report(details, figures(readings, start))
    where = folder(effort)
    report.write(found, where)
    for line in report.figure_table(found.figures):
        console.print(line, markup=False)
    if effort is Effort.FULL:
        report.write_costs(found)
        page.write(found)
        scale.write(found)
    pages = ", costs.json, docs/sizing.md, docs/scale.md" if not quick else ""
    console.print(f"written: {where / 'sizing.md'}, sizing.json{pages}")


@app.command("publish-sizing", epilog="Example: python -m benchmarks publish-sizing")
def publish() -> None:
    """Write sizing.md, costs.json, docs/sizing.md and docs/scale.md anew from sizing.json."""
    found = report.Report.read()
    if found is None:
        raise typer.BadParameter("there is no sizing.json; `make sizing` writes it")
    report.write(found, REPORT)
    report.write_costs(found)
    page.write(found)
    scale.write(found)


def measured(plan: Plan, console: Console) -> tuple[list[Round], Parts]:
    """Start the gateway and take all readings; return them, and the memory before the first."""
    with stopped_by_signal(), started() as gateway:
        gateway.wait_until_it_answers()
        measurement = Measurement(gateway, plan, Meter(gateway.containers))
        return asyncio.run(_rounds(measurement, console))


async def _rounds(measurement: Measurement, console: Console) -> tuple[list[Round], Parts]:
    await measurement.warm_up()
    start, rounds = await measurement.meter.resident(), list[Round]()
    for number in range(1, measurement.plan.rounds + 1):
        begin = time.monotonic()
        rounds.append(await measurement.round(number))
        report.keep_raw(rounds, start)
        seconds = time.monotonic() - begin
        console.print(f"round {number} of {measurement.plan.rounds} in {seconds:.0f} s", markup=False)
    return rounds, start
