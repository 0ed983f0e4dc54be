"""Whether a stack's parts are healthy, asked from the outside."""

import json
import time
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial

import typer
from docker.models.containers import Container
from rich.console import Console
from rich.live import Live
from rich.table import Table
from rich.text import Text

from components.naming import WORKLOAD_LABEL
from components.settings import Settings
from ops.gateway import Gateway, containers, find
from ops.probe import Finding, State, ask_container, ask_url

COLOURS = {State.HEALTHY: "green", State.UNHEALTHY: "red", State.MISSING: "red"}
PARALLEL = 16


def run(name: str, *, watch: bool, interval: float, as_json: bool) -> None:
    """Print one look at the stack, or with `watch` one each `interval` seconds until it is interrupted.

    Raises:
        typer.Exit: with status 1 when the last look found something that is not healthy.
    """
    gateway, console = find(name), Console()
    again = partial(look, gateway)
    findings: Sequence[Finding] = again()
    if watch and not as_json:
        with Live(table(name, findings), console=console) as live:
            findings = last(findings, again, lambda seen: live.update(table(name, seen)), interval)
    else:
        show = partial(print_document, name) if as_json else partial(print_table, console, name)
        show(findings)
        findings = last(findings, again, show, interval) if watch else findings
    if not healthy(findings):
        raise typer.Exit(1)


def parts(settings: Settings) -> list[str]:
    """Name the containers of a stack that run all the time."""
    names = {
        "haproxy": ["edge", "ingress"],
        "litellm": [f"litellm-{number + 1}" for number in range(settings.litellm.replicas)],
    }
    found = [part for image in settings.image_names for part in names.get(image, [image.replace("_", "-")])]
    return [*found, *(["provider"] if settings.mock_provider.enabled else [])]


def looks(gateway: Gateway, present: Iterable[Container]) -> list[Callable[[], Finding]]:
    """Give what is to be asked: each part's own check, then the addresses of the edge."""
    by_part: dict[str, list[Container]] = {}
    for container in present:
        by_part.setdefault(container.labels[WORKLOAD_LABEL], []).append(container)
    asked: list[Callable[[], Finding]] = []
    for part in parts(gateway.settings):
        found = by_part.get(part, [])
        # An update runs old and new side by side; one that has ended says something only where none runs.
        serving: list[Container | None] = [container for container in found if container.status != "exited"]
        serving = serving or list(found[:1]) or [None]
        asked += [partial(ask_container, part, container) for container in serving]
    port = gateway.settings.edge.proxy_port, gateway.settings.edge.health_port
    return [
        *asked,
        partial(ask_url, f"proxy {port[0]}", f"{gateway.proxy_url}/health/readiness", gateway.host),
        partial(ask_url, f"health {port[1]}", gateway.health_url, gateway.host),
        partial(ask_url, f"health {port[1]}", gateway.health_url.replace("/liveliness", "/readiness"), gateway.host),
    ]


def look(gateway: Gateway) -> list[Finding]:
    """Ask all at once."""
    with ThreadPoolExecutor(PARALLEL) as pool:
        return list(pool.map(lambda ask: ask(), looks(gateway, containers(gateway.stack))))


def last(
    findings: Sequence[Finding],
    again: Callable[[], Sequence[Finding]],
    show: Callable[[Sequence[Finding]], None],
    interval: float,
) -> Sequence[Finding]:
    """Look again and show it until the person interrupts; give the last look."""
    try:
        while True:
            time.sleep(interval)
            findings = again()
            show(findings)
    except KeyboardInterrupt:
        return findings


def healthy(findings: Sequence[Finding]) -> bool:
    """Tell whether nothing is wrong."""
    return all(finding.state is State.HEALTHY for finding in findings)


def table(name: str, findings: Sequence[Finding]) -> Table:
    """Lay the findings out for people."""
    drawn = Table(title=f"{name}, {time.strftime('%H:%M:%S')}", title_justify="left")
    for head in ("part", "state"):
        drawn.add_column(head, no_wrap=True)
    drawn.add_column("ms", justify="right")
    drawn.add_column("asked", overflow="fold")
    drawn.add_column("detail", overflow="fold")
    for finding in findings:
        took = "" if finding.milliseconds is None else f"{finding.milliseconds:.1f}"
        state = Text(finding.state, style=COLOURS[finding.state])
        drawn.add_row(finding.part, state, took, Text(finding.asked), Text(finding.detail))
    return drawn


def print_table(console: Console, name: str, findings: Sequence[Finding]) -> None:
    """Print the findings for people."""
    console.print(table(name, findings))


def print_document(name: str, findings: Sequence[Finding]) -> None:
    """Print the findings as one line of JSON, at once."""
    print(document(name, findings), flush=True)


def document(name: str, findings: Sequence[Finding]) -> str:
    """Write the findings as one line of JSON."""
    return json.dumps({"stack": name, "healthy": healthy(findings), "parts": [finding.as_data for finding in findings]})
