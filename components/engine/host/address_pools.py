"""Whether the engine has addresses left for the stack's networks."""

from collections.abc import Iterable, Iterator, Mapping
from ipaddress import IPv4Network, ip_network
from itertools import islice
from pathlib import Path
from typing import Any

from components.engine.workload import Network

POOLS = (
    *((f"172.{second}.0.0/16", 16) for second in (17, 18, 19)),
    *((f"172.{second}.0.0/14", 16) for second in (20, 24, 28)),
    ("192.168.0.0/16", 20),
)
"""Docker's own pools and the size of a network from them (moby, libnetwork/ipamutils)."""
ROUTES = Path("/proc/net/route")

Subnet = IPv4Network


def subnets(networks: Iterable[Mapping[str, Any]]) -> list[str]:
    """Return the subnets of networks as `docker network inspect` shows them."""
    return [
        str(part["Subnet"])
        for network in networks
        for part in (network.get("IPAM") or {}).get("Config") or ()
        if part.get("Subnet")
    ]


def refusals(info: Mapping[str, Any], used: Iterable[str], own: int, routes: Iterable[Subnet] = ()) -> list[str]:
    """Return a sentence when the pools hold too few networks.

    Args:
        info: what `docker info` shows.
        used: subnets of all networks of the engine.
        own: how many of them are the stack's own; they are not created again.
        routes: subnets that this host reaches otherwise. Docker leaves them out.
    """
    needed = max(0, len(Network) - own)
    taken = [*ipv4(used), *routes]
    free = len(list(islice(free_subnets(pools(info), taken), needed)))
    if free >= needed:
        return []
    return [
        (
            f"Docker's address pools have room for {free} more networks, and the stack needs {needed};"
            " `docker network prune` removes unused ones, `default-address-pools` in /etc/docker/daemon.json adds room"
        )
    ]


def pools(info: Mapping[str, Any]) -> list[tuple[Subnet, int]]:
    """Return the engine's pools of IPv4, each with the size of a network from it."""
    given = info.get("DefaultAddressPools") or []
    named = [(str(pool["Base"]), int(pool["Size"])) for pool in given] or POOLS
    return [(base, size) for text, size in named for base in ipv4([text])]


def free_subnets(among: Iterable[tuple[Subnet, int]], taken: Iterable[Subnet]) -> Iterator[Subnet]:
    """Yield the networks that are left in the pools."""
    held = list(taken)
    for base, size in among:
        for subnet in base.subnets(new_prefix=max(size, base.prefixlen)):
            if not any(subnet.overlaps(other) for other in held):
                yield subnet


def ipv4(subnets: Iterable[str]) -> list[Subnet]:
    """Return those of IPv4."""
    found = (ip_network(subnet, strict=False) for subnet in subnets)
    return [subnet for subnet in found if isinstance(subnet, IPv4Network)]


def host_routes(table: Path = ROUTES) -> list[Subnet]:
    """Return the subnets in this host's table of routes, without the default route."""
    try:
        rows = [line.split() for line in table.read_text().splitlines()[1:]]
    except OSError:
        return []
    found = [IPv4Network((_address(row[1]), _address(row[7]).bit_count())) for row in rows if len(row) > 7]
    return [subnet for subnet in found if subnet.prefixlen]


def _address(digits: str) -> int:
    """Return an address of the table, which the kernel writes in the processor's order."""
    return int.from_bytes(bytes.fromhex(digits), "little")
