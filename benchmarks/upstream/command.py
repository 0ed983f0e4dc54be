"""`python -m benchmarks upstream`."""

import json
from typing import Annotated

import docker
import typer
from rich.console import Console

from benchmarks.comparison.effort import Effort
from benchmarks.comparison.figures.row import Round, row
from benchmarks.comparison.publish.machine import run_of, without_tools
from benchmarks.comparison.publish.report import folder, line
from benchmarks.upstream import report
from benchmarks.upstream.limits import LIMITS, Limit
from components.engine.connection.client import connect
from components.engine.connection.throwaway_container import ThrowawayContainer
from components.engine.workload import CONFIG_FOLDER
from components.images.source import image_reference, resolve_source

ROUNDS, QUICK_ROUNDS = 5, 1
USER = "65534:65534"
ENVIRONMENT = {"LITELLM_LOCAL_MODEL_COST_MAP": "True", "HOME": "/tmp"}  # noqa: S108 - inside the container
ABOUT = ("machine", "image of litellm", "commit")
app = typer.Typer()


@app.command(epilog="Example: python -m benchmarks upstream")
def upstream(
    *,
    quick: Annotated[bool, typer.Option("--quick", help="Run each program once; there are no intervals.")] = False,
) -> None:
    """Run the programs that show limits of LiteLLM, each in a container of its image; write docs/upstream.md."""
    console = Console(soft_wrap=True, highlight=False)
    effort, engine = Effort.QUICK if quick else Effort.FULL, connect()
    image = image_reference("litellm", resolve_source())
    rows = []
    for limit in LIMITS:
        rounds = [measured(limit, image, engine) for _ in range(effort.of(ROUNDS, QUICK_ROUNDS))]
        for found in (each for metric in limit.metrics if (each := row(metric, rounds))):
            console.print(line(found), markup=False)
            rows.append(found)
    details = without_tools(run_of(effort))
    measurements = report.Report({name: details[name] for name in ABOUT}, rows)
    report.write(measurements, folder(effort))
    if effort is Effort.FULL:
        report.PAGE.write(report.text(measurements))
    console.print(f"written: {folder(effort) / report.FILE}{', docs/upstream.md' if effort is Effort.FULL else ''}")


def measured(limit: Limit, image: str, engine: docker.DockerClient) -> Round:
    """Run a limit's program once."""
    name = limit.program.name
    container = ThrowawayContainer(
        stack="upstream",
        name=limit.name,
        image=image,
        user=USER,
        command=("python3", f"{CONFIG_FOLDER}/{name}"),
        secrets={},
        config={name: limit.program.read_text()},
        environment=ENVIRONMENT,
    )
    return Round(**json.loads(container.run(engine).splitlines()[-1]))
