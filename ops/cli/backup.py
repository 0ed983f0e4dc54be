"""`python -m ops backup`."""

from pathlib import Path
from typing import Annotated

import typer

from ops.cli.options import DATA, StackName
from ops.data.backup import back_up, list_dumps

app = typer.Typer()


@app.command(epilog="Example: python -m ops backup prod --copy-to /mnt/elsewhere", rich_help_panel=DATA)
def backup(
    stack: StackName,
    *,
    copy_to: Annotated[Path | None, typer.Option(help="Also copy the dump to this folder on this host.")] = None,
    show: Annotated[bool, typer.Option("--list", help="Only list the existing dumps.")] = False,
) -> None:
    """Dump the database, then test the dump: restore it into a scratch database and count its rows."""
    if show:
        list_dumps(stack)
    else:
        back_up(stack, copy_to=copy_to)
