"""`python -m ops up`."""

from pathlib import Path
from typing import Annotated

import typer

from ops.cli.options import CHANGE, StackName
from ops.update.deploy import deploy

app = typer.Typer()


@app.command(
    epilog="Example: python -m ops up prod --plan .cache/plans/prod.json --message 'more replicas'",
    rich_help_panel=CHANGE,
)
def up(
    stack: StackName,
    *,
    plan: Annotated[
        Path | None, typer.Option("--plan", help="Apply this plan of `preview`; refuse if anything would differ.")
    ] = None,
    message: Annotated[
        str | None,
        typer.Option(
            "--message",
            help="Text for the history. Default: the commit's subject, or that files are not committed.",
        ),
    ] = None,
) -> None:
    """Deploy the stack, send one test completion through it, print the timings. It does not ask first."""
    deploy(stack, plan=plan, message=message)
