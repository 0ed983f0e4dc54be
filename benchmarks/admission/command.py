"""`python -m benchmarks admission`."""

import time
from typing import Annotated

import typer
from rich.console import Console

from benchmarks import overload
from benchmarks.admission import bodies, edge_cost, hanging, streams
from benchmarks.admission.gateway import AdmissionGateway, started
from benchmarks.attack import Attack
from benchmarks.bare_haproxy import bare_haproxy
from benchmarks.comparison.effort import Effort
from benchmarks.comparison.publish import report
from benchmarks.comparison.publish.machine import about, run_of
from benchmarks.faults import keep
from benchmarks.result import RAW, Result, write
from benchmarks.tools import Tool

NAME = "admission"
app = typer.Typer()


@app.command(NAME, epilog="Example: python -m benchmarks admission --quick")
def admission(
    *,
    quick: Annotated[bool, typer.Option("--quick", help="Try every step in minutes; the figures say little.")] = False,
) -> None:
    """Measure who waits beside many streams, a model that hangs and large bodies, and what the edge costs.

    The exit code is 1 when a goal is missed.
    """
    console = Console(soft_wrap=True, highlight=False)
    effort = Effort.QUICK if quick else Effort.FULL
    Tool.VEGETA.build()
    begin = time.monotonic()
    with started() as gateway:
        console.print(f"{gateway.description}; {time.monotonic() - begin:.0f} s until it served")
        results = measure(gateway, effort, console)
        details = {**about(run_of(effort)), "gateway": gateway.description}
    where = report.folder(effort)
    write(NAME, results, {**details, "time": f"{time.monotonic() - begin:.0f} s"}, where)
    console.print(f"written: {where / NAME}.md, {NAME}.json; every request: {RAW}")
    if missed := [each.name for each in results if not each.ok]:
        console.print(f"missed: {'; '.join(missed)}", markup=False)
        raise typer.Exit(1)


def measure(gateway: AdmissionGateway, effort: Effort, console: Console) -> list[Result]:
    """Measure everything on a running gateway, and print each result as it comes."""
    results: list[Result] = []

    def add(*found: Result) -> None:
        for each in found:
            console.print(f"{time.strftime('%H:%M:%S')} {each.line()}", markup=False)
        results.extend(found)

    with (
        bare_haproxy(gateway.project) as bare_url,
        overload.probes(gateway.direct_health_url) as health,
        overload.probes(gateway.health_url) as by_port,
        overload.probes(bare_url) as bare,
    ):
        add(*streams.measure(gateway, effort.of(streams.FULL, streams.QUICK)))
        add(*hanging.measure(gateway, effort.of(hanging.FULL, hanging.QUICK)))
        add(*bodies.measure(gateway, effort.of(bodies.FULL, bodies.QUICK)))
        add(*edge_cost.measure(gateway, effort.of(edge_cost.FULL, edge_cost.QUICK)))
    for name, each in (("health", health), ("health by the host port", by_port), ("a bare HAProxy", bare)):
        keep(f"{name} through all loads", each)
    add(Result("all: containers killed or restarted", gateway.kills(), 0), *health_results(health, by_port, bare))
    return results


def health_results(health: Attack, by_port: Attack, bare: Attack) -> list[Result]:
    """Return how the probes through all loads were answered.

    A machine reaches its own host ports by a process of Docker's, docker-proxy, which waits for a processor too.
    """

    def p99(name: str, load: Attack, goal: float | None = None) -> Result:
        return Result(f"all: {name}, p99, ms", overload.milliseconds(load, 0.99), goal, overload.timed(load))

    failed = health.failed + by_port.failed
    return [
        p99("health", health, overload.HEALTH_GOAL_MS),
        p99("health by the machine's own host port, through docker-proxy", by_port),
        p99("a bare HAProxy in Docker's own cgroup, at the same time", bare),
        Result("all: health, false unhealthy", failed, 0, f"{health.text()}; by the host port {by_port.text()}"),
    ]
