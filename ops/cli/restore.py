"""`python -m ops restore`."""

from pathlib import Path
from typing import Annotated

import typer

from ops.cli.options import DATA, StackName, Yes
from ops.data import restore as library

app = typer.Typer()


@app.command(epilog="Example: python -m ops restore prod 20260131T021500Z-schedule", rich_help_panel=DATA)
def restore(
    stack: StackName,
    dump: Annotated[Path, typer.Argument(help="Name of a dump, or a dump file with its manifest beside it.")],
    *,
    yes: Yes = False,
    drop_old: Annotated[bool, typer.Option("--drop-old", help="Keep no copy of the replaced database.")] = False,
    new_host: Annotated[
        bool, typer.Option("--new-host", help="Deploy the stack first, on an engine where nothing of it exists.")
    ] = False,
    salt_key: Annotated[
        Path | None,
        typer.Option("--salt-key", help="With --new-host: file with the copy of the salt key, if the state is lost."),
    ] = None,
    any_schema: Annotated[
        bool, typer.Option("--allow-schema", help="Accept a dump whose schema is not the running LiteLLM's.")
    ] = False,
) -> None:
    """Replace the database with a dump. It is restored beside the live database and checked; then they are swapped."""
    library.restore(
        stack, dump, yes=yes, any_schema=any_schema, drop_old=drop_old, new_host=new_host, salt_key=salt_key
    )
