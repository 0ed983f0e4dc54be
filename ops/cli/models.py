"""`python -m ops models`."""

from typing import Annotated

import typer

from ops.check.models import check_models
from ops.cli.options import INSPECT, AsJson, StackName

app = typer.Typer()


@app.command(epilog="Example: python -m ops models prod --threshold 75%", rich_help_panel=INSPECT)
def models(
    stack: StackName,
    *,
    threshold: Annotated[str, typer.Option(help="How many models have to work: a number or a percentage.")] = "100%",
    concurrency: Annotated[int, typer.Option(min=1, max=100, help="Number of parallel requests.")] = 6,
    timeout: Annotated[float, typer.Option(min=1, max=6000, help="Seconds to wait for one model.")] = 60.0,
    as_json: AsJson = False,
) -> None:
    """Send one real request to each model of a running stack. Exit code 1 if fewer work than `--threshold` asks."""
    if not check_models(stack, threshold=threshold, concurrency=concurrency, timeout=timeout, as_json=as_json):
        raise typer.Exit(1)
