"""`python -m ops adopt`."""

from pathlib import Path
from typing import Annotated

import typer

from ops.adopt import adopt as library
from ops.cli.options import DATA, StackName, Yes

app = typer.Typer()


@app.command(
    epilog="Example: python -m ops adopt mine --config config.yaml --env .env --compose docker-compose.yml",
    rich_help_panel=DATA,
)
def adopt(
    stack: StackName,
    *,
    config: Annotated[Path, typer.Option("--config", help="LiteLLM's config.yaml.")],
    env: Annotated[Path | None, typer.Option("--env", help="The .env file.")] = None,
    compose: Annotated[Path | None, typer.Option("--compose", help="The docker-compose.yml.")] = None,
    yes: Yes = False,
) -> None:
    """Make a stack of an existing deployment of LiteLLM. The old files and containers are only read."""
    library.adopt_files(stack, config, env, compose, yes=yes)
