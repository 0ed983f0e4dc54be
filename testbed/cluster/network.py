"""The network: a namespace for the control plane with a bridge, and one for each node. The host has no part in it."""

import ctypes
import os
import signal
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress

PREFIX = "gateway-k8s"
CONTROL_PLANE = f"{PREFIX}-cp"
ADDRESS = "198.18.0.1"
"""Of the control plane: the API server and the name server. The range is for tests of networks (RFC 2544)."""
SERVICE_RANGE = "198.18.128.0/20"
SYN_SENT_SECONDS = 10
"""How long a node remembers where it sent a connection that was not answered, instead of 120. Linux gives a client the
same source port again after seconds, and leads it there, although the Service has left that pod
(https://docs.kernel.org/networking/nf_conntrack-sysctl.html)."""
NETWORK_NAMESPACE = 0x40000000
"""CLONE_NEWNET of clone(2)."""
_LEFT: list[int] = []
"""Descriptors of the namespaces that this process has left, the first one first."""
POD_RANGE = "198.18.64.0/18"
"""It must not hold the nodes' addresses: a Service with local traffic would take nodes for pods."""


def node_namespace(number: int) -> str:
    """Return the name of a node's network namespace."""
    return f"{PREFIX}-n{number}"


def node_address(number: int) -> str:
    """Return a node's address."""
    return f"198.18.0.{10 + number}"


def pod_subnet(number: int) -> str:
    """Return the addresses of a node's pods."""
    return f"198.18.{64 + number}.0/24"


def inside(namespace: str, command: Sequence[str]) -> list[str]:
    """Return a command that runs another one inside a network namespace."""
    return ["nsenter", f"--net=/run/netns/{namespace}", *command]


@contextmanager
def entered(namespace: str) -> Iterator[None]:
    """Let this thread, and the processes and threads that it starts, be in a network namespace."""
    here = os.open("/proc/thread-self/ns/net", os.O_RDONLY)
    there = os.open(f"/run/netns/{namespace}", os.O_RDONLY)
    _LEFT.append(here)
    try:
        with _inside(there):
            yield
    finally:
        _LEFT.remove(here)
        os.close(here)
        os.close(there)


@contextmanager
def outside() -> Iterator[None]:
    """Let this thread, inside `entered`, be where it came from, such as to reach ports of this machine."""
    with _inside(_LEFT[-1]):
        yield


@contextmanager
def _inside(descriptor: int) -> Iterator[None]:
    before = os.open("/proc/thread-self/ns/net", os.O_RDONLY)
    try:
        _set_namespace(descriptor)
        yield
    finally:
        _set_namespace(before)
        os.close(before)


def _set_namespace(descriptor: int) -> None:
    """Change this thread's network namespace; Python has `os.setns` from 3.12 on."""
    if ctypes.CDLL(None, use_errno=True).setns(descriptor, NETWORK_NAMESPACE):
        error = ctypes.get_errno()
        raise OSError(error, os.strerror(error))


def create(nodes: int) -> None:
    """Create the namespaces and connect them: every node reaches every pod by a route."""
    numbers = range(1, nodes + 1)
    _ip("netns", "add", CONTROL_PLANE)
    _in(
        CONTROL_PLANE, "link set lo up", "link add br0 type bridge", f"addr add {ADDRESS}/24 dev br0", "link set br0 up"
    )
    _forward(CONTROL_PLANE)
    for number in numbers:
        name = node_namespace(number)
        _ip("netns", "add", name)
        _in(CONTROL_PLANE, f"link add veth{number} type veth peer name eth0 netns {name}")
        _in(CONTROL_PLANE, f"link set veth{number} master br0 up")
        _in(name, "link set lo up", f"addr add {node_address(number)}/24 dev eth0", "link set eth0 up")
        _in(name, f"route add default via {ADDRESS}")
        _forward(name)
        _set(name, f"net.netfilter.nf_conntrack_tcp_timeout_syn_sent={SYN_SENT_SECONDS}")
    for number in numbers:
        route = f"route add {pod_subnet(number)} via {node_address(number)}"
        _in(CONTROL_PLANE, route)
        for other in numbers:
            if other != number:
                _in(node_namespace(other), route)


def remove(nodes: int) -> None:
    """Remove the namespaces, and kill what still runs in them: a test that was killed leaves both."""
    for name in (CONTROL_PLANE, *map(node_namespace, range(1, nodes + 1))):
        listed = subprocess.run(("ip", "netns", "pids", name), check=False, capture_output=True, text=True).stdout
        # A test that is itself inside removes the others.
        for pid in {int(word) for word in listed.split()} - {os.getpid()}:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        subprocess.run(("ip", "netns", "del", name), check=False, capture_output=True)


def _in(namespace: str, *commands: str) -> None:
    for command in commands:
        _ip("-n", namespace, *command.split())


def _forward(namespace: str) -> None:
    _set(namespace, "net.ipv4.ip_forward=1")


def _set(namespace: str, setting: str) -> None:
    subprocess.run(inside(namespace, ("sysctl", "-qw", setting)), check=True)


def _ip(*arguments: str) -> None:
    subprocess.run(("ip", *arguments), check=True)
