"""The ports that the old deployment published are those of the edge."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from ops.adopt.draft import Draft, Place
from ops.adopt.old.compose import Compose
from ops.adopt.old.variables import Variables

PORT = re.compile(
    r"(?:(?P<address>\[[^]]*]|\d+(?:\.\d+){3}):)?(?:(?P<published>\d+)(?:-\d+)?:)?(?P<target>\d+)(?:-(?P<last>\d+))?(?:/tcp)?"
)
ALL = "0.0.0.0"  # noqa: S104 - what Compose publishes on without an address


@dataclass(frozen=True)
class PublishedPort:
    """One port of the host."""

    target: int
    """Inside the container."""
    published: int
    address: str


def map_ports(compose: Compose, draft: Draft, variables: Variables) -> None:
    """Give the edge the ports of LiteLLM's service."""
    proxy = int(variables.get("PORT") or _command_port(compose) or 4000)
    health = int(variables.get("SEPARATE_HEALTH_PORT") or 4001)
    names = {proxy: "proxy_port", health: "health_port"}
    for number, entry in enumerate(compose.litellm.get("ports") or []):
        path = (*compose.path, "ports", number)
        place = Place(compose.file.name, path, compose.file.line(path))
        ports = list(parse_ports(entry))
        if not ports:
            draft.no_counterpart(place, "the host's port is not fixed; edge.proxy_port is")
        for port in ports:
            if port.target not in names:
                draft.no_counterpart(place, f"LiteLLM serves on {proxy} alone, health on {health}")
                continue
            if ":" in port.address:
                draft.no_counterpart(place, "edge.address is an IPv4 address")
                continue
            address = draft.get("edge.address")
            if address is None or port.target == proxy:
                draft.set("edge.address", port.address, place)
            draft.set(f"edge.{names[port.target]}", port.published, place, f"on edge.address {port.address}")
            if address not in (None, port.address):
                draft.notes.append(f"edge.address is {draft.get('edge.address')} for all ports; the old ones differed")


def parse_ports(entry: Any) -> Iterator[PublishedPort]:
    """Return the ports of an entry in short or long form; none if the engine chooses the host's port."""
    if isinstance(entry, dict):
        if entry.get("published") and str(entry["published"]).isdigit():
            yield PublishedPort(int(entry["target"]), int(entry["published"]), str(entry.get("host_ip") or ALL))
        return
    match = PORT.fullmatch(str(entry).strip())
    if not match or not match["published"]:
        return
    first, published = int(match["target"]), int(match["published"])
    for offset in range(int(match["last"] or first) - first + 1):
        yield PublishedPort(first + offset, published + offset, (match["address"] or ALL).strip("[]"))


def _command_port(compose: Compose) -> str | None:
    command = compose.litellm.get("command")
    text = " ".join(map(str, command)) if isinstance(command, list) else str(command or "")
    match = re.search(r"--port[ =](\d+)", text)
    return match[1] if match else None
