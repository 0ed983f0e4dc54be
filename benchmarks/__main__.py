"""`python -m benchmarks`: `bench` compares gateways; the others measure one, or publish what was measured."""

import os
import time

import typer
from rich.console import Console

from benchmarks import compose, faults, kubernetes, overload
from benchmarks.admission import command as admission
from benchmarks.comparison import command as comparison
from benchmarks.gateway import started
from benchmarks.profile import command as profile
from benchmarks.result import RAW, REPORT, Result, write
from benchmarks.scenarios import SCENARIOS
from benchmarks.sizing import command as sizing
from benchmarks.tools import Tool
from benchmarks.upstream import command as upstream

app = typer.Typer(no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False, help=__doc__)
for each in (comparison, admission, profile, sizing, kubernetes, upstream):
    app.add_typer(each.app)
BUSY_SECONDS, OVERLOAD_SECONDS = 240, 60
"""Every worker is busy for the first, and overloaded for the second."""


@app.callback()
def main() -> None:
    """Measure what updates, faults and overload cost a gateway."""


@app.command("faults", epilog="Example: python -m benchmarks faults")
def faults_command() -> None:
    """Run each scenario under load and count failed requests. The exit code is 1 when a goal is missed."""
    console = Console(soft_wrap=True, highlight=False)
    for tool in (Tool.VEGETA, Tool.COMPOSE):
        tool.build()
    begin = time.monotonic()
    results: list[Result] = []
    with started() as gateway:
        capacity = faults.capacity(gateway)
        rate = capacity / 2
        console.print(f"capacity of one replica: {capacity:.1f} requests/s; the load is {rate:.1f}")
        with overload.probes(gateway.health_url) as health:
            for scenario in SCENARIOS:
                results.append(faults.run_under_load(gateway, scenario, rate))
                console.print(results[-1].line(), markup=False)
        faults.keep("health through all changes", health)
        results.append(Result("health through all changes: false unhealthy", health.failed, 0, health.text()))
        results += faults.postgres_outage(gateway, rate)
        results += overload.overload(gateway, capacity, BUSY_SECONDS, OVERLOAD_SECONDS)
        results += compose.compare(gateway, rate)
    about = {
        "processors": str(os.cpu_count()),
        "capacity of one replica with one worker": f"{capacity:.1f} requests/s",
        "load": f"{rate:.1f} requests/s, open loop; half on kept and half on new connections; a quarter streams, "
        "a quarter over TLS",
        "time": f"{time.monotonic() - begin:.0f} s",
        "compared": compose.version(),
    }
    write("faults", results, about)
    for each in results[len(SCENARIOS) :]:
        console.print(each.line(), markup=False)
    console.print(f"written: {REPORT / 'faults.md'}, faults.json; every request: {RAW}")
    if missed := [each.name for each in results if not each.ok]:
        console.print(f"missed: {'; '.join(missed)}", markup=False)
        raise typer.Exit(1)


if __name__ == "__main__":
    app()
