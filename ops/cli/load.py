"""`python -m ops load`."""

from typing import Annotated

import typer

from ops.check.load.load_test import load_test
from ops.cli.options import INSPECT, AsJson, StackName

app = typer.Typer()


@app.command(epilog="Example: python -m ops load dev --requests 500 --concurrency 50", rich_help_panel=INSPECT)
def load(
    stack: StackName,
    *,
    model: Annotated[
        str | None, typer.Option(help="Chat model to ask. Default: the first one that has its key.")
    ] = None,
    requests: Annotated[int, typer.Option(min=1, max=100_000, help="Number of completions.")] = 50,
    concurrency: Annotated[int, typer.Option(min=1, max=1000, help="Number of parallel requests.")] = 50,
    stream: Annotated[bool, typer.Option("--stream", help="Request streamed answers.")] = False,
    timeout: Annotated[float, typer.Option(min=1, max=6000, help="Seconds to wait for one answer.")] = 120.0,
    as_json: AsJson = False,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask before requests that may cost money.")] = False,
) -> None:
    """Send parallel chat completions to a running stack; print latency percentiles, a histogram and failures.

    Status 1 if an answer is not complete.
    """
    if not load_test(
        stack,
        model=model,
        requests=requests,
        concurrency=concurrency,
        stream=stream,
        timeout=timeout,
        as_json=as_json,
        yes=yes,
    ):
        raise typer.Exit(1)
