"""`python -m benchmarks faults`: breaks a gateway of its own under load and writes the report."""

import os
import time

import typer
from rich.console import Console

from benchmarks import compose, faults, overload
from benchmarks.changes import CHANGES
from benchmarks.finding import REPORT, Finding, write
from benchmarks.gateway import running
from benchmarks.tools import Tool

app = typer.Typer(no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False, help=__doc__)
BUSY_SECONDS, OVERLOAD_SECONDS = 240, 60
"""In which every worker is busy, and then has more to do than it can."""


@app.callback()
def main() -> None:
    """Measure what the gateway promises."""


@app.command("faults", epilog="Example: python -m benchmarks faults")
def faults_command() -> None:
    """Make each change under load and count what fails; exit code 1 when a goal is missed."""
    console = Console(soft_wrap=True, highlight=False)
    for tool in (Tool.VEGETA, Tool.COMPOSE):
        tool.build()
    begin = time.monotonic()
    found: list[Finding] = []
    with running() as gateway:
        capacity = faults.capacity(gateway)
        rate = capacity / 2
        console.print(f"capacity of one replica: {capacity:.1f} requests/s; the load is {rate:.1f}")
        with overload.probes(gateway.health_url) as health:
            for change in CHANGES:
                found.append(faults.change_under_load(gateway, change, rate))
                console.print(found[-1].line(), markup=False)
        faults.keep("health through all changes", health)
        found.append(Finding("health through all changes: false unhealthy", health.failed, 0, health.text()))
        found += faults.postgres_outage(gateway, rate)
        found += overload.overload(gateway, capacity, BUSY_SECONDS, OVERLOAD_SECONDS)
        found += compose.compare(gateway, rate)
    about = {
        "processors": str(os.cpu_count()),
        "capacity of one replica with one worker": f"{capacity:.1f} requests/s",
        "load": f"{rate:.1f} requests/s, open loop; half on kept and half on new connections; a quarter streams, "
        "a quarter over TLS",
        "time": f"{time.monotonic() - begin:.0f} s",
        "compared": compose.version(),
    }
    write(found, about)
    for each in found[len(CHANGES) :]:
        console.print(each.line(), markup=False)
    console.print(f"written: {REPORT / 'faults.md'}, faults.json")
    if missed := [each.name for each in found if not each.ok]:
        console.print(f"missed: {'; '.join(missed)}", markup=False)
        raise typer.Exit(1)


if __name__ == "__main__":
    app()
