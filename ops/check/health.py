"""Check from the outside whether the parts of a stack are healthy."""

import json
import sys
import time
from collections.abc import Callable, Collection, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial

import httpx
from docker.models.containers import Container
from rich.console import Console
from rich.live import Live
from rich.table import Table
from rich.text import Text

from components.edge.haproxy import READINESS_PATH
from components.engine.engine import EngineKind
from components.engine.labels import WORKLOAD_LABEL
from components.stack.parts import service_containers
from components.stack.settings import Settings
from ops.check.external import probe_external
from ops.check.pods import pods_health
from ops.check.probe import HealthState, PartHealth, probe_container, probe_tls, probe_url
from ops.stack.automation import open_existing, settings_of
from ops.stack.backend.ownership import find_ownership
from ops.stack.engines.docker_engine import stack_containers
from ops.stack.engines.engine import cluster_of, stack_engine
from ops.stack.gateway import Gateway

COLOURS = {HealthState.HEALTHY: "green", HealthState.UNHEALTHY: "red", HealthState.MISSING: "red"}
PARALLEL_PROBES = 16
ADDRESS_TIMEOUT_SECONDS = 5.0
"""For one address."""


def show_health(name: str, *, watch: bool, interval: float, as_json: bool) -> bool:
    """Print the health of a stack; with `watch` again every `interval` seconds until interrupted.

    Returns:
        Whether every part was healthy in the last check.
    """
    console = Console()
    check = partial(check_health, *find_own(name))
    health: Sequence[PartHealth] = check()
    if watch and not as_json:
        with Live(health_table(name, health), console=console) as live:
            health = watch_health(health, check, lambda seen: live.update(health_table(name, seen)), interval)
    else:
        show = partial(print_json, name) if as_json else partial(print_table, console, name)
        show(health)
        health = watch_health(health, check, show, interval) if watch else health
    return all_healthy(health)


def find_own(name: str) -> tuple[Gateway, frozenset[str]]:
    """Return the gateway, and the ids of parts that another stack of its name made; warn of them.

    Raises:
        OperationError: if the stack is not deployed, or everything on the engine is another's.
    """
    stack = open_existing(name)
    ownership = find_ownership(name, stack.export_stack().deployment)
    if len(ownership.foreign) == len(ownership.objects):
        ownership.require_own()
    if ownership.foreign:
        print(f"warning: {ownership.sentence()}", file=sys.stderr)
    gateway = Gateway.from_outputs(name, stack.outputs(), settings_of(stack))
    return gateway, frozenset(each.id for each in ownership.foreign)


def to_ask(settings: Settings, present: Iterable[Container]) -> list[tuple[str, Container | None]]:
    """Return each part with the container to probe; None if it has none."""
    by_part: dict[str, list[Container]] = {}
    for container in present:
        by_part.setdefault(container.labels[WORKLOAD_LABEL], []).append(container)
    asked: list[tuple[str, Container | None]] = []
    for part in service_containers(settings):
        found = by_part.get(part, [])
        # An update runs old and new side by side; an ended one matters only if none runs.
        serving: list[Container | None] = [container for container in found if container.status != "exited"]
        asked += [(part, container) for container in serving or list(found[:1]) or [None]]
    return asked


def addresses(gateway: Gateway) -> list[tuple[str, str]]:
    """Return the addresses of the gateway, each with the name of its port."""
    edge = gateway.settings.edge
    if gateway.settings.public_url:
        return [("proxy", f"{gateway.proxy_url}{READINESS_PATH}"), ("health", gateway.health_url)]
    return [
        (f"proxy {edge.proxy_port}", f"{gateway.proxy_url}{READINESS_PATH}"),
        (f"health {edge.health_port}", gateway.health_url),
        (f"health {edge.health_port}", gateway.health_url.replace("/liveliness", "/readiness")),
    ]


def open_client(gateway: Gateway) -> httpx.Client:
    """Open a client for probes. Any certificate is good: no key is sent, and `probe_tls` says what is wrong with it."""
    return httpx.Client(
        headers=gateway.host_header,
        timeout=ADDRESS_TIMEOUT_SECONDS,
        # The environment's proxy is not between the gateway and its own host.
        trust_env=False,
        verify=False,  # noqa: S501
    )


def check_health(gateway: Gateway, foreign: Collection[str] = ()) -> list[PartHealth]:
    """Probe the addresses, then all parts at once: checks in containers use CPU and would delay the addresses.

    Containers in `foreign`, ids of another stack's, are left out.
    """
    with open_client(gateway) as client:
        outside = [probe_url(client, part, url) for part, url in addresses(gateway)]
    if address := tls_address(gateway):
        outside.append(probe_https(gateway, *address))
    with ThreadPoolExecutor(1) as pool:
        external = pool.submit(probe_external, gateway.stack, gateway.settings)
        inside = PROBES[gateway.settings.engine](gateway, foreign)
    return [*external.result(), *inside, *outside]


def probe_containers(gateway: Gateway, foreign: Collection[str]) -> list[PartHealth]:
    """Run the checks of all containers of a stack on Docker."""
    own = [container for container in stack_containers(gateway.stack) if container.id not in foreign]
    asked = to_ask(gateway.settings, own)
    with ThreadPoolExecutor(PARALLEL_PROBES) as pool:
        return list(pool.map(lambda each: probe_container(*each), asked))


def probe_pods(gateway: Gateway, _: Collection[str]) -> list[PartHealth]:
    """Return what a cluster knows of the stack's pods. A namespace has those of one stack alone."""
    cluster = cluster_of(gateway.stack)
    return pods_health(gateway.settings, cluster.pods(), cluster.namespace)


PROBES = {EngineKind.DOCKER: probe_containers, EngineKind.KUBERNETES: probe_pods}
"""Engine → what asks its parts."""


def tls_address(gateway: Gateway) -> tuple[str, httpx.URL, str] | None:
    """Return where clients connect over TLS: the name of the port, the URL and the host name that they ask for."""
    edge, public = gateway.settings.edge, gateway.settings.public_url
    if public:
        url = httpx.URL(f"{public}{READINESS_PATH}")
        return ("https", url, url.host) if url.scheme == "https" else None
    if edge.https_port is None:
        return None
    outer = httpx.URL(gateway.proxy_url).copy_with(scheme="https", port=edge.https_port, path=READINESS_PATH)
    url = httpx.URL(stack_engine(gateway.stack).reachable_urls({"https": str(outer)})["https"])
    # An edge with ACME shows its certificate to those alone who ask for a name that is in it.
    names = edge.acme.domains or edge.allowed_hosts or (url.host,)
    return f"https {edge.https_port}", url, names[0]


def probe_https(gateway: Gateway, part: str, url: httpx.URL, server_name: str) -> PartHealth:
    """Probe the address that clients reach over TLS."""
    with open_client(gateway) as client:
        return probe_tls(client, part, str(url), server_name)


def watch_health(
    health: Sequence[PartHealth],
    check: Callable[[], Sequence[PartHealth]],
    show: Callable[[Sequence[PartHealth]], None],
    interval: float,
) -> Sequence[PartHealth]:
    """Check and show the health again until interrupted; return the last one."""
    try:
        while True:
            time.sleep(interval)
            health = check()
            show(health)
    except KeyboardInterrupt:
        return health


def all_healthy(health: Sequence[PartHealth]) -> bool:
    """Return whether every part is healthy."""
    return all(part.state is HealthState.HEALTHY for part in health)


def health_table(name: str, health: Sequence[PartHealth]) -> Table:
    """Return the health as a table."""
    table = Table(title=f"{name}, {time.strftime('%H:%M:%S')}", title_justify="left")
    for head in ("part", "state"):
        table.add_column(head, no_wrap=True)
    table.add_column("ms", justify="right")
    table.add_column("asked", overflow="fold")
    table.add_column("detail", overflow="fold")
    for part in health:
        milliseconds = "" if part.milliseconds is None else f"{part.milliseconds:.1f}"
        state = Text(part.state, style=COLOURS[part.state])
        table.add_row(part.part, state, milliseconds, Text(part.asked), Text(part.detail))
    return table


def print_table(console: Console, name: str, health: Sequence[PartHealth]) -> None:
    """Print the health as a table."""
    console.print(health_table(name, health))


def print_json(name: str, health: Sequence[PartHealth]) -> None:
    """Print the health as one line of JSON, unbuffered."""
    print(health_json(name, health), flush=True)


def health_json(name: str, health: Sequence[PartHealth]) -> str:
    """Return the health as one line of JSON."""
    return json.dumps({"stack": name, "healthy": all_healthy(health), "parts": [part.as_data for part in health]})
