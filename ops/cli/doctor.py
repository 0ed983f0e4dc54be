"""`python -m ops doctor`."""

from typing import Annotated

import typer

from ops.check.doctor import diagnose
from ops.cli.options import REPAIR, AsJson

app = typer.Typer()


@app.command(epilog="Example: python -m ops doctor prod", rich_help_panel=REPAIR)
def doctor(
    stacks: Annotated[
        list[str] | None, typer.Argument(help="Stacks that should run here. Default: those that are deployed.")
    ] = None,
    *,
    as_json: AsJson = False,
) -> None:
    """List what this machine lacks to run the gateway, and the fix for each. Exit code 1 if there is an error."""
    if not diagnose(stacks or [], as_json=as_json):
        raise typer.Exit(1)
