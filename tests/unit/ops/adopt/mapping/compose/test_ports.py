"""Ports of a Compose file."""

from typing import Any

import pytest

from ops.adopt.mapping.compose.ports import ALL, PublishedPort, parse_ports


@pytest.mark.parametrize(
    ("entry", "ports"),
    [
        ("4000:4000", [(4000, 4000, ALL)]),
        ("127.0.0.1:8080:4000", [(4000, 8080, "127.0.0.1")]),
        ("[::1]:8080:4000/tcp", [(4000, 8080, "::1")]),
        ("4000-4001:4000-4001", [(4000, 4000, ALL), (4001, 4001, ALL)]),
        ("4000", []),
        (4000, []),
        ({"target": 4000, "published": "80", "host_ip": "10.0.0.1"}, [(4000, 80, "10.0.0.1")]),
        ({"target": 4000}, []),
    ],
)
def test_each_form_is_read(entry: Any, ports: list[tuple[int, int, str]]) -> None:
    assert list(parse_ports(entry)) == [PublishedPort(*port) for port in ports]
