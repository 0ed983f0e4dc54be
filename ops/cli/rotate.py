"""`python -m ops rotate`."""

import typer

from ops.cli.options import CHANGE, StackName, Yes
from ops.update.rotate import rotate_master_key

app = typer.Typer()


@app.command(epilog="Example: python -m ops rotate prod", rich_help_panel=CHANGE)
def rotate(stack: StackName, *, yes: Yes = False) -> None:
    """Replace the master key. The old one stops working; virtual keys and stored models stay usable."""
    rotate_master_key(stack, yes=yes)
