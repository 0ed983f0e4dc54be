"""`python -m ops recover`."""

from typing import Annotated

import typer

from ops.cli.options import REPAIR, StackName, Yes
from ops.repair import recover as library

app = typer.Typer()


@app.command(epilog="Example: python -m ops recover prod", rich_help_panel=REPAIR)
def recover(
    stack: StackName,
    *,
    yes: Yes = False,
    lost_state: Annotated[
        bool,
        typer.Option(
            "--lost-state", help="Make a new state from the running gateway, when every copy of the old one is lost."
        ),
    ] = False,
) -> None:
    """Repair what blocks an update: a killed update, a stale lock, a state cut off, a deleted container, a full disk.

    It also undoes what `drift` shows. It lists what is wrong and what it will do, and asks first.
    """
    library.recover(stack, yes=yes, lost_state=lost_state)
