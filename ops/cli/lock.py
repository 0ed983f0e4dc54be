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
        bool, typer.Option("--check", help="Change nothing; status 1 if a digest is missing or outdated.")
    ] = False,
) -> None:
    """Write the digest of each image into the stack's file. If cosign is installed, verify LiteLLM's signature."""
    lock_images(stack, check=check)
