"""`python -m ops preview`."""

from pathlib import Path
from typing import Annotated

import typer

from ops.cli.options import CHANGE, StackName
from ops.update import preview as library

app = typer.Typer()


@app.command(epilog="Example: python -m ops preview prod", rich_help_panel=CHANGE)
def preview(
    stack: StackName,
    *,
    save_plan: Annotated[
        Path | None, typer.Option("--save-plan", help="File for the plan. Default: .cache/plans/STACK.json.")
    ] = None,
) -> None:
    """Show what `up` would change, with a summary in words, and save it as a plan."""
    library.preview(stack, save_plan=save_plan)
