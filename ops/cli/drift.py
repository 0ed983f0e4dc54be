"""`python -m ops drift`."""

import typer

from ops.cli.options import REPAIR, AsJson, StackName
from ops.repair.drift import show_drift

app = typer.Typer()


@app.command(epilog="Example: python -m ops drift prod --json", rich_help_panel=REPAIR)
def drift(stack: StackName, *, as_json: AsJson = False) -> None:
    """Show where the engine differs from what Pulumi recorded. Exit code 0: no drift, 1: an error, 2: drift."""
    if show_drift(stack, as_json=as_json):
        raise typer.Exit(2)
