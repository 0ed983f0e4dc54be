"""Whether the host's ports can be published."""

import errno
import os
import shutil
import socket
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from docker.models.containers import Container

from components.engine.host.location import Location, locate
from components.engine.labels import STACK_LABEL
from components.engine.workload import Port

PROCESS = "a process on this host"
ALL_ADDRESSES = {"0.0.0.0", "::"}  # noqa: S104 - compared, not bound
LISTENING = "0A"
"""State of a listening socket in /proc/net/tcp (include/net/tcp_states.h)."""
UNPRIVILEGED = Path("/proc/sys/net/ipv4/ip_unprivileged_port_start")


def published_ports(attributes: Mapping[str, Any]) -> set[int]:
    """Return the host's TCP ports that a container publishes."""
    return {port for _, port in published(attributes)}


def published(attributes: Mapping[str, Any]) -> set[tuple[str, int]]:
    """Return the host's addresses and TCP ports that a container publishes."""
    return {
        (str(binding.get("HostIp") or ""), int(binding["HostPort"]))
        for inside, bindings in (attributes["NetworkSettings"]["Ports"] or {}).items()
        if not inside.endswith("/udp")
        for binding in bindings or []
    }


def port_holders(
    stack: str, ports: Sequence[Port], containers: Iterable[Container], info: Mapping[str, Any]
) -> dict[int, str]:
    """Return who holds which of the ports; ports that are free or held by the stack itself are absent."""
    own: set[int] = set()
    others: dict[tuple[str, int], str] = {}
    for container in containers:
        held = published(container.attrs)
        if container.labels.get(STACK_LABEL) == stack:
            own |= {number for _, number in held}
        else:
            others |= dict.fromkeys(held, f"container {container.name}")
    holders: dict[int, str] = {}
    for port in ports:
        if port.external in own:
            continue
        of_container = next((name for held, name in others.items() if collide(port, *held)), None)
        if of_container:
            holders[port.external] = of_container
        elif locate(info) is not Location.ELSEWHERE and not is_free(port):
            holders[port.external] = PROCESS
    return holders


def is_free(port: Port) -> bool:
    """Return whether no process of this host listens on the port.

    An address that is not this host's is no process's, and Docker may publish ports that this user may not bind.
    """
    reason = _bind(port.address, port.external)
    if reason == errno.EACCES:
        return not _listens(port.external)
    return reason in {None, errno.EADDRNOTAVAIL}


def refusals(ports: Sequence[Port], info: Mapping[str, Any]) -> list[str]:
    """Return why ports cannot be published although nobody holds them."""
    found = []
    if locate(info) is Location.HERE:
        absent = dict.fromkeys(
            (port.setting.rpartition(".")[0], port.address)
            for port in ports
            if _bind(port.address, 0) == errno.EADDRNOTAVAIL
        )
        found += [f"{part}.address: {address} is no address of this host (`ip address`)" for part, address in absent]
    if "name=rootless" in (info.get("SecurityOptions") or ()) and not rootless_binds_all():
        lowest = lowest_unprivileged()
        found += [
            f"{port.setting}: a rootless engine cannot publish port {port.external}; "
            f"`sudo sysctl net.ipv4.ip_unprivileged_port_start={port.external}`, or set one from {lowest} on"
            for port in ports
            if port.external < lowest
        ]
    return found


def lowest_unprivileged() -> int:
    """Return the lowest port that a user without root may bind."""
    try:
        return int(UNPRIVILEGED.read_text())
    except OSError:
        return 1024


def rootless_binds_all() -> bool:
    """Return whether the program that publishes a rootless engine's ports was given the right to bind each."""
    program = shutil.which("rootlesskit")
    try:
        return bool(program and os.getxattr(program, "security.capability"))
    except OSError:
        return False


def collide(port: Port, address: str, number: int) -> bool:
    """Return whether a port cannot be published while another one is; an empty address stands for all."""
    if port.external != number:
        return False
    if not address or port.address == address:
        return True
    return _is_ipv6(port.address) == _is_ipv6(address) and bool({port.address, address} & ALL_ADDRESSES)


def _is_ipv6(address: str) -> bool:
    return ":" in address


def _bind(address: str, number: int) -> int | None:
    """Return why the address and port cannot be bound, as an errno; None when they can. Port 0 is any free one."""
    family = socket.AF_INET6 if _is_ipv6(address) else socket.AF_INET
    try:
        with socket.socket(family) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            if family is socket.AF_INET6:
                probe.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
            probe.bind((address, number))
    except OSError as error:
        # A host without IPv6 has no such address.
        return errno.EADDRNOTAVAIL if error.errno == errno.EAFNOSUPPORT else error.errno
    return None


def _listens(number: int) -> bool:
    return number in _listening()


def _listening() -> Iterator[int]:
    """Yield the ports on which this host's processes listen, whoever owns them."""
    for file in (Path("/proc/net/tcp"), Path("/proc/net/tcp6")):
        try:
            lines = file.read_text().splitlines()[1:]
        except OSError:
            continue
        for line in lines:
            _, local, _, state, *_ = line.split()
            if state == LISTENING:
                yield int(local.rpartition(":")[2], 16)
