"""`python -m bootstrap`: make this machine ready. bootstrap/run starts it, in a Python that it has made."""

from typing import Annotated

import typer
from rich.console import Console

from bootstrap.errors import BootstrapError
from bootstrap.execution.lanes import Execution
from bootstrap.machine import EngineState
from bootstrap.observe import observe
from bootstrap.plan import kubernetes_steps, plan
from bootstrap.steps import kubernetes
from bootstrap.steps.browser import browser_steps
from bootstrap.steps.cluster import cluster_steps
from bootstrap.steps.engine import engine_steps
from bootstrap.steps.image_source import decide
from components.images.built import recipe_references


def main(
    *,
    plan_only: Annotated[bool, typer.Option("--plan", help="Only print what would be done and why.")] = False,
    with_kubernetes: Annotated[
        bool, typer.Option("--kubernetes", help="Also install what stacks with `engine: kubernetes` need.")
    ] = False,
    test_cluster: Annotated[
        bool, typer.Option("--test-cluster", help="Also install what the tests of Kubernetes start a cluster with.")
    ] = False,
    browser: Annotated[bool, typer.Option("--browser", help="Also install a browser, for the tests.")] = False,
) -> None:
    """Install what this machine lacks for the gateway."""
    console = Console(soft_wrap=True, highlight=False)
    try:
        installed = kubernetes.observe()
        plugin_missing = with_kubernetes and not installed.plugin
        machine = observe(plugin_missing=plugin_missing)
        # Only an engine that answers knows which images it has.
        if machine.engine is not EngineState.ANSWERS and not plan_only:
            if not Execution(console).run(engine_steps(machine)):
                raise typer.Exit(1)
            machine = observe(plugin_missing=plugin_missing)
        steps = [
            *plan(machine, recipe_references()),
            *(kubernetes_steps(machine, installed) if with_kubernetes else []),
            *(cluster_steps(machine) if test_cluster else []),
            *(browser_steps(machine) if browser else []),
        ]
    except (BootstrapError, ValueError) as error:
        console.print(f"bootstrap: {error}", markup=False)
        raise typer.Exit(1) from None
    decision = decide(machine)
    console.print(f"bootstrap: image source: {decision.source} ({decision.reason})")
    for step in steps:
        console.print(f"bootstrap: {step.name}: {step.reason}", markup=False)
        if plan_only:
            for action in step.actions:
                console.print(f"    {action}", markup=False)
    if plan_only or not steps:
        console.print("bootstrap: nothing was done" if steps else "bootstrap: nothing to do")
        return
    execution = Execution(console)
    if not execution.run(steps):
        raise typer.Exit(1)
    console.print("bootstrap: ready")


if __name__ == "__main__":
    typer.run(main)
