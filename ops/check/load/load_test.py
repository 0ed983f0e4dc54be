"""Send chat completions to a stack's own gateway and report how it answered."""

import asyncio
import json
from collections.abc import Sequence

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table
from rich.text import Text

from components.models.model import CHAT
from ops.check.load.latency import HistogramBar, LoadResult, RequestTiming, histogram, percentiles
from ops.check.load.load_generator import LoadSpec, send_load
from ops.errors import OperationError
from ops.stack.gateway import Gateway, find_gateway, require_own_port

LONGEST_BAR = 50
"""Characters."""


def load_test(
    name: str,
    *,
    model: str | None,
    requests: int,
    concurrency: int,
    stream: bool,
    timeout: float,
    as_json: bool,
    yes: bool,
) -> bool:
    """Send the requests and print the result; return whether every answer was complete.

    Raises:
        OperationError: if there is no model to ask, or another stack holds the port; nothing was sent then.
    """
    gateway = find_gateway(name)
    spec = LoadSpec(chat_model(gateway, model), requests, concurrency, stream=stream, timeout=timeout)
    require_own_port(gateway)
    if not (yes or gateway.settings.mock_provider.enabled):
        typer.confirm(f"Send {requests} requests to {spec.model}, which may cost money?", abort=True, err=True)
    result = measure(gateway, spec)
    if as_json:
        print(result_json(name, spec, result))
    else:
        print_result(Console(), name, spec, result)
    return not result.failed


def chat_model(gateway: Gateway, wanted: str | None) -> str:
    """Return the model to ask: the wanted one, else the first chat model that has its key.

    A model that is not in the catalogue may be in the database, so it is accepted.

    Raises:
        OperationError: if there is none, or the wanted one is not for chat.
    """
    if wanted is None:
        if gateway.chat_model:
            return gateway.chat_model
        raise OperationError("no chat model of the stack has its key; `python -m ops models` says which to set")
    model = gateway.settings.catalogue.get(wanted)
    if model and model.mode != CHAT:
        raise OperationError(f"--model {wanted}: is for {model.mode}; the load test needs a chat model")
    return wanted


def measure(gateway: Gateway, spec: LoadSpec) -> LoadResult:
    """Send the load and show the progress on standard error."""
    columns = (TextColumn("{task.description}", markup=False), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, TextColumn("{task.fields[failed]} failed"), console=Console(stderr=True)) as progress:
        task, failed = progress.add_task(spec.model, total=spec.requests, failed=0), 0

        def report(timing: RequestTiming) -> None:
            nonlocal failed
            failed += timing.failure is not None
            progress.update(task, advance=1, failed=failed)

        return asyncio.run(send_load(spec, gateway.proxy_url, gateway.headers, report))


def headline(name: str, spec: LoadSpec, result: LoadResult) -> str:
    """Return one line on what was sent and what was answered."""
    form = "streamed completions" if spec.stream else "completions"
    return (
        f"{name}: {spec.requests} {form} of {spec.model}, {spec.concurrency} at once:"
        f" {len(result.answered)} answered in {result.seconds:.1f} s, {result.rate:.1f}/s"
    )


def print_result(console: Console, name: str, spec: LoadSpec, result: LoadResult) -> None:
    """Print the result: headline, percentiles, histogram, failures."""
    console.print(Text(headline(name, spec, result)), soft_wrap=True)
    if result.answered:
        console.print(percentile_table(result))
        for line in bar_lines(histogram(result.answered)):
            console.print(line, highlight=False, soft_wrap=True)
    for kind, count in result.failures.items():
        console.print(Text(f"{count} failed: {kind}", style="red"))


def percentile_table(result: LoadResult) -> Table:
    """Return a table of the percentiles in milliseconds."""
    rows = {"whole answer": result.answered, "first chunk": result.first_chunks}
    table = Table("ms", *percentiles(result.answered))
    for head, seconds in rows.items():
        if found := percentiles(seconds):
            table.add_row(head, *(f"{time * 1000:.0f}" for time in found.values()))
    return table


def bar_lines(bars: Sequence[HistogramBar]) -> list[str]:
    """Return the histogram as lines of text."""
    most = max(bar.count for bar in bars)
    return [
        f"{bar.low * 1000:8.0f} ms {'█' * max(1, round(LONGEST_BAR * bar.count / most)) if bar.count else ''}"
        f" {bar.count or ''}".rstrip()
        for bar in bars
    ]


def result_json(name: str, spec: LoadSpec, result: LoadResult) -> str:
    """Return the result as one line of JSON."""
    asked = {"stack": name, "model": spec.model, "concurrency": spec.concurrency, "stream": spec.stream}
    return json.dumps(asked | result.as_data)
