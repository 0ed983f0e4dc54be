"""`python -m ops history`."""

import typer

from ops.cli.options import INSPECT, AsJson, StackName
from ops.history.listing import show_history

app = typer.Typer()


@app.command(epilog="Example: python -m ops history prod --json", rich_help_panel=INSPECT)
def history(stack: StackName, *, as_json: AsJson = False) -> None:
    """List the stack's versions: time, author, message, commit, result, changed settings, dump."""
    show_history(stack, as_json=as_json)
