"""Whether a stack's parts are healthy, asked from the outside."""

import json
import time
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial

import httpx
import typer
from docker.models.containers import Container
from rich.console import Console
from rich.live import Live
from rich.table import Table
from rich.text import Text

from components.engine.labels import WORKLOAD_LABEL
from components.stack.settings import Settings
from ops.check.probe import Finding, State, ask_container, ask_tls, ask_url
from ops.stack.gateway import Gateway, containers, find

COLOURS = {State.HEALTHY: "green", State.UNHEALTHY: "red", State.MISSING: "red"}
PARALLEL = 16
PATIENCE = 5.0
"""Seconds for one address: the health check of the hardening waits no longer."""


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
        "postgres": ["postgres", "backup"],
        "haproxy": ["edge", "ingress"],
        "litellm": [f"litellm-{number + 1}" for number in range(settings.litellm.replicas)],
    }
    found = [part for image in settings.image_names for part in names.get(image, [image.replace("_", "-")])]
    return [*found, *(["provider"] if settings.mock_provider.enabled else [])]


def to_ask(settings: Settings, present: Iterable[Container]) -> list[tuple[str, Container | None]]:
    """Give each part with the container to ask; None: it has none."""
    by_part: dict[str, list[Container]] = {}
    for container in present:
        by_part.setdefault(container.labels[WORKLOAD_LABEL], []).append(container)
    asked: list[tuple[str, Container | None]] = []
    for part in parts(settings):
        found = by_part.get(part, [])
        # An update runs old and new side by side; one that has ended says something only where none runs.
        serving: list[Container | None] = [container for container in found if container.status != "exited"]
        asked += [(part, container) for container in serving or list(found[:1]) or [None]]
    return asked


def addresses(gateway: Gateway) -> list[tuple[str, str]]:
    """Give the addresses of the gateway by what they are for."""
    edge = gateway.settings.edge
    return [
        (f"proxy {edge.proxy_port}", f"{gateway.proxy_url}/health/readiness"),
        (f"health {edge.health_port}", gateway.health_url),
        (f"health {edge.health_port}", gateway.health_url.replace("/liveliness", "/readiness")),
    ]


def look(gateway: Gateway) -> list[Finding]:
    """Ask the addresses, then the containers all at once: starting their checks would delay the addresses' answers."""
    edge = gateway.settings.edge
    # A proxy of the environment stands between no gateway and its own host.
    with httpx.Client(headers=gateway.host, timeout=PATIENCE, trust_env=False) as client:
        outside = [ask_url(client, part, url) for part, url in addresses(gateway)]
    if edge.https_port:
        url = httpx.URL(gateway.proxy_url).copy_with(scheme="https", port=edge.https_port, path="/health/readiness")
        with httpx.Client(headers=gateway.host, timeout=PATIENCE, trust_env=False, verify=False) as client:  # noqa: S501
            name = edge.hosts[0] if edge.hosts else url.host
            outside.append(ask_tls(client, f"https {edge.https_port}", str(url), name))
    with ThreadPoolExecutor(PARALLEL) as pool:
        inside = list(
            pool.map(lambda asked: ask_container(*asked), to_ask(gateway.settings, containers(gateway.stack)))
        )
    return [*inside, *outside]


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
