"""`python -m ops health`."""

from typing import Annotated

import typer

from ops.check.health import show_health
from ops.cli.options import INSPECT, StackName

app = typer.Typer()


@app.command(epilog="Example: python -m ops health prod --watch", rich_help_panel=INSPECT)
def health(
    stack: StackName,
    *,
    watch: Annotated[bool, typer.Option("--watch", help="Check again and again until interrupted.")] = False,
    interval: Annotated[float, typer.Option(min=0.5, max=3600, help="Seconds between two checks.")] = 2.0,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON, one line for each check.")] = False,
) -> None:
    """Check every container and address of a running stack. Exit code 1 if one is not healthy."""
    if not show_health(stack, watch=watch, interval=interval, as_json=as_json):
        raise typer.Exit(1)
