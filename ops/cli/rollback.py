"""`python -m ops rollback`."""

from typing import Annotated

import typer

from ops.cli.options import CHANGE, StackName, Yes
from ops.history.rollback import roll_back

app = typer.Typer()


@app.command(epilog="Example: python -m ops rollback prod --to 3", rich_help_panel=CHANGE)
def rollback(
    stack: StackName,
    *,
    to: Annotated[int, typer.Option("--to", help="Number of the version, as `history` lists it.")],
    restore_data: Annotated[
        bool,
        typer.Option("--restore-data", help="Restore the data too, if a database migration lies between the versions."),
    ] = False,
    yes: Yes = False,
) -> None:
    """Go back to the code and the settings of an earlier version. No request is lost."""
    roll_back(stack, to=to, restore_data=restore_data, yes=yes)
