"""Loads a stack's own gateway with chat completions, and shows what came of it."""

import asyncio
import json
from collections.abc import Sequence
from pathlib import Path

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from components.models.catalog import Mode
from components.stack.settings import Settings
from ops.errors import OperationError
from ops.load.histogram_svg import svg
from ops.load.latency import Bar, Sample, Summary, histogram, percentiles
from ops.load.load_generator import Burst, send
from ops.stack.gateway import Gateway, find, require_own_port
from ops.update.deploy import answering_model

LONGEST_BAR = 50


def run(
    name: str,
    *,
    model: str | None,
    requests: int,
    concurrency: int,
    stream: bool,
    timeout: float,
    picture: Path | None,
    as_json: bool,
    yes: bool,
) -> None:
    """Send the requests and print what they came to; with `picture`, draw it too.

    Raises:
        OperationError: before anything is sent, when there is nothing to ask or nowhere to put the picture.
        typer.Exit: with status 1 when a request was not answered in full.
    """
    if picture and not picture.absolute().parent.is_dir():
        raise OperationError(f"--picture {picture}: there is no folder {picture.absolute().parent}")
    gateway = find(name)
    burst = Burst(chat_model(gateway.settings, model), requests, concurrency, stream=stream, timeout=timeout)
    require_own_port(gateway)
    if not (yes or gateway.settings.mock_provider.enabled):
        typer.confirm(f"Send {requests} requests to {burst.model}, which may cost money?", abort=True, err=True)
    summary = measured(gateway, burst)
    if picture:
        picture.write_text(drawn(name, burst, summary))
    if as_json:
        print(document(name, burst, summary))
    else:
        show(Console(), name, burst, summary)
        if picture:
            print(f"drawn in {picture}")
    if summary.failed:
        raise typer.Exit(1)


def chat_model(settings: Settings, wanted: str | None) -> str:
    """Name the model to ask: the wanted one, else the first chat model that has its key.

    Raises:
        OperationError: when there is none, or the wanted one is not for chat. One that is not in the catalogue may be stored.
    """
    if wanted is None:
        if found := answering_model(settings):
            return found
        raise OperationError("no chat model of the stack has its key; `python -m ops models` says which to set")
    entry = settings.catalogue.get(wanted)
    if entry and entry.mode is not Mode.CHAT:
        raise OperationError(f"--model {wanted}: is for {entry.mode}, and load asks chat models only")
    return wanted


def measured(gateway: Gateway, burst: Burst) -> Summary:
    """Send the burst with its progress on standard error."""
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, TextColumn("{task.fields[failed]} failed"), console=Console(stderr=True)) as progress:
        task, failed = progress.add_task(burst.model, total=burst.requests, failed=0), 0

        def report(sample: Sample) -> None:
            nonlocal failed
            failed += sample.failure is not None
            progress.update(task, advance=1, failed=failed)

        return asyncio.run(send(burst, gateway.proxy_url, gateway.headers, report))


def title(name: str, burst: Burst, summary: Summary) -> str:
    """Say in one line what was sent and what came."""
    form = "streamed completions" if burst.stream else "completions"
    return (
        f"{name}: {burst.requests} {form} of {burst.model}, {burst.concurrency} at once:"
        f" {len(summary.answered)} answered in {summary.seconds:.1f} s, {summary.rate:.1f}/s"
    )


def drawn(name: str, burst: Burst, summary: Summary) -> str:
    """Give the picture."""
    return svg(title(name, burst, summary), histogram(summary.answered), percentiles(summary.answered))


def show(console: Console, name: str, burst: Burst, summary: Summary) -> None:
    """Print the summary for people."""
    console.print(title(name, burst, summary), highlight=False, markup=False, soft_wrap=True)
    if summary.answered:
        console.print(times(summary))
        for line in bar_lines(histogram(summary.answered)):
            console.print(line, highlight=False, soft_wrap=True)
    for kind, count in summary.failures.items():
        console.print(f"{count} failed: {kind}", style="red", highlight=False, markup=False)


def times(summary: Summary) -> Table:
    """Lay out the percentiles, in milliseconds."""
    rows = {"whole answer": summary.answered, "first chunk": summary.first_chunks}
    table = Table("ms", *percentiles(summary.answered))
    for head, seconds in rows.items():
        if found := percentiles(seconds):
            table.add_row(head, *(f"{time * 1000:.0f}" for time in found.values()))
    return table


def bar_lines(bars: Sequence[Bar]) -> list[str]:
    """Draw the histogram as lines of text."""
    most = max(bar.count for bar in bars)
    return [
        f"{bar.low * 1000:8.0f} ms {'█' * max(1, round(LONGEST_BAR * bar.count / most)) if bar.count else ''}"
        f" {bar.count or ''}".rstrip()
        for bar in bars
    ]


def document(name: str, burst: Burst, summary: Summary) -> str:
    """Write the summary as one line of JSON."""
    asked = {"stack": name, "model": burst.model, "concurrency": burst.concurrency, "stream": burst.stream}
    return json.dumps(asked | summary.as_data)
