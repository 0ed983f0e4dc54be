"""Host ports for stacks of the tests."""

import random
import socket
from contextlib import suppress

PORTS = range(20_000, 30_000)
"""Below those that Linux gives to outgoing connections (`net.ipv4.ip_local_port_range`): one of these could be taken
between the choice and the start."""


def free_ports(count: int) -> list[int]:
    """Return host ports that no process holds.

    Raises:
        AssertionError: when fewer are free.
    """
    found: list[int] = []
    for port in random.sample(PORTS, len(PORTS)):
        with suppress(OSError), socket.socket() as probe:
            probe.bind(("127.0.0.1", port))
            found.append(port)
        if len(found) == count:
            return found
    raise AssertionError(f"fewer than {count} ports are free")
