"""`python -m ops lock`."""

from typing import Annotated

import typer

from ops.cli.options import CHANGE, StackName
from ops.images.lock import lock_images

app = typer.Typer()


@app.command(epilog="Example: python -m ops lock prod --check", rich_help_panel=CHANGE)
def lock(
    stack: StackName,
    *,
    check: Annotated[
        bool, typer.Option("--check", help="Change nothing; exit code 1 if a digest is missing or outdated.")
    ] = False,
) -> None:
    """Pin each image in the stack's file to its digest. If cosign is installed, verify LiteLLM's signature."""
    lock_images(stack, check=check)
