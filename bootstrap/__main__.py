"""`python -m bootstrap`: makes this machine ready; started by bootstrap/run, which makes the Python it runs in."""

from typing import Annotated

import typer
from rich.console import Console

from bootstrap.browser import browser_steps
from bootstrap.execute import Execution
from bootstrap.image_source import decide
from bootstrap.machine import Engine
from bootstrap.observe import observe
from bootstrap.plan import Refusal, engine_steps, plan
from components.images.catalog import BASE, IMAGES, base_reference, built_reference


def main(
    *,
    plan_only: Annotated[bool, typer.Option("--plan", help="Only say what would be done and why.")] = False,
    browser: Annotated[bool, typer.Option("--browser", help="Install a browser too, for the tests.")] = False,
) -> None:
    """Install what this machine lacks for the gateway, and nothing else."""
    console = Console(soft_wrap=True, highlight=False)
    try:
        machine = observe()
        # Only an engine that answers can tell which images it has.
        if machine.engine is not Engine.ANSWERS and not plan_only:
            if not Execution(console).run(engine_steps(machine)):
                raise typer.Exit(1)
            machine = observe()
        recipes = {BASE: base_reference()} | {name: built_reference(name) for name in IMAGES}
        steps = [*plan(machine, recipes), *(browser_steps(machine) if browser else [])]
    except (Refusal, ValueError) as refusal:
        console.print(f"bootstrap: {refusal}", markup=False)
        raise typer.Exit(1) from None
    decision = decide(machine)
    console.print(f"bootstrap: images are {decision.source}: {decision.reason}")
    for step in steps:
        console.print(f"bootstrap: {step.name}: {step.reason}", markup=False)
        if plan_only:
            for work in step.work:
                console.print(f"    {work}", markup=False)
    if plan_only or not steps:
        console.print("bootstrap: nothing was done" if steps else "bootstrap: nothing to do")
        return
    execution = Execution(console)
    if not execution.run(steps):
        raise typer.Exit(1)
    console.print("bootstrap: ready")


if __name__ == "__main__":
    typer.run(main)
