"""`python -m ops adopt`."""

from pathlib import Path
from typing import Annotated

import typer

from ops.adopt import adopt as library
from ops.cli.options import DATA, StackName, Yes
from ops.errors import OperationError

app = typer.Typer()


@app.command(
    epilog="Example: python -m ops adopt mine --config config.yaml --env .env --compose docker-compose.yml",
    rich_help_panel=DATA,
)
def adopt(
    stack: StackName,
    *,
    config: Annotated[Path | None, typer.Option("--config", help="LiteLLM's config.yaml: makes the stack.")] = None,
    env: Annotated[Path | None, typer.Option("--env", help="The .env file.")] = None,
    compose: Annotated[Path | None, typer.Option("--compose", help="The docker-compose.yml.")] = None,
    dump: Annotated[
        Path | None, typer.Option("--dump", help="Dump of the old database by pg_dump, plain or custom.")
    ] = None,
    database: Annotated[
        str | None, typer.Option("--database", help="File with the URL of the old database; - is standard input.")
    ] = None,
    prove_key: Annotated[
        Path | None, typer.Option("--prove-key", help="File with an old virtual key, to try it at the end.")
    ] = None,
    yes: Yes = False,
) -> None:
    """Make a stack of an existing deployment of LiteLLM, and bring its data. The old deployment is only read."""
    source = library.source_of(stack, dump, database)
    if config:
        library.adopt_files(stack, config, env, compose, yes=yes)
    elif not source:
        raise OperationError("give the old config.yaml with --config, or the old data with --dump or --database")
    if source:
        library.adopt_data(stack, source, prove_key=prove_key, yes=yes)
