"""`python -m ops down`."""

import typer

from ops.cli.options import CHANGE, StackName
from ops.update.remove import remove_stack

app = typer.Typer()


@app.command(epilog="Example: python -m ops down dev", rich_help_panel=CHANGE)
def down(stack: StackName) -> None:
    """Remove the stack: containers, networks, volumes with their data, and its state."""
    remove_stack(stack)
