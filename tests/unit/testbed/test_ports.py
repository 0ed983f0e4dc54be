"""Host ports for stacks of the tests."""

import socket
from pathlib import Path

import pytest

from testbed import ports
from testbed.ports import free_ports


def test_free_ports_differ_and_can_be_held_at_once() -> None:
    found = free_ports(20)
    assert len(set(found)) == 20
    for port in found:
        with socket.socket() as server:
            server.bind(("127.0.0.1", port))


def test_no_outgoing_connection_takes_a_free_port() -> None:
    first = int(Path("/proc/sys/net/ipv4/ip_local_port_range").read_text().split()[0])
    assert max(ports.PORTS) < first


def test_port_that_a_process_holds_is_not_free(monkeypatch: pytest.MonkeyPatch) -> None:
    (held,) = free_ports(1)
    monkeypatch.setattr(ports, "PORTS", range(held, held + 1))
    with socket.socket() as server:
        server.bind(("127.0.0.1", held))
        with pytest.raises(AssertionError, match="fewer than 1"):
            free_ports(1)
    assert free_ports(1) == [held]
