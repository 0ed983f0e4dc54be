"""Networks are refused before the engine's address pools are exhausted."""

from ipaddress import IPv4Network
from pathlib import Path
from typing import Any

from components.engine.host.address_pools import free_subnets, host_routes, pools, refusals, subnets

ALL = [*(f"172.{second}.0.0/16" for second in range(17, 32)), *(f"192.168.{third}.0/20" for third in range(0, 256, 16))]
"""Every network of Docker's own pools."""
TABLE = """\
Iface\tDestination\tGateway \tFlags\tRefCnt\tUse\tMetric\tMask\t\tMTU\tWindow\tIRTT
eth0\t00000000\t0102A8C0\t0003\t0\t0\t0\t00000000\t0\t0\t0
docker0\t000011AC\t00000000\t0001\t0\t0\t0\t0000FFFF\t0\t0\t0
eth0\t0000A8C0\t00000000\t0001\t0\t0\t0\t00FFFFFF\t0\t0\t0
"""


def test_docker_s_own_pools_hold_31_networks() -> None:
    assert [str(subnet) for subnet in free_subnets(pools({}), [])] == ALL


def test_engine_with_room_is_accepted() -> None:
    assert refusals({}, ALL[:-2], own=0) == refusals({}, ALL, own=2) == []


def test_exhausted_pools_are_refused_with_the_cure() -> None:
    (refusal,) = refusals({}, ALL[:-1], own=0)
    assert refusal.startswith("Docker's address pools have room for 1 more networks, and the stack needs 2; ")
    assert "docker network prune" in refusal
    assert len(refusals({}, ALL, own=1)) == 1


def test_pools_that_the_engine_was_given_count() -> None:
    given = {"DefaultAddressPools": [{"Base": "10.10.0.0/23", "Size": 24}]}
    assert refusals(given, [], own=0) == []
    assert len(refusals(given, ["10.10.1.0/24"], own=0)) == 1
    assert len(refusals(given, [], own=0, routes=[IPv4Network("10.10.0.0/24")])) == 1


def test_networks_without_an_address_or_of_ipv6_take_none() -> None:
    networks: list[dict[str, Any]] = [
        {"IPAM": {"Config": [{"Subnet": "172.17.0.0/16"}, {"Subnet": "fd00::/64"}]}},
        {"IPAM": {"Config": None}},
        {"IPAM": None},
        {"IPAM": {"Config": [{"Gateway": "10.0.0.1"}]}},
    ]
    assert subnets(networks) == ["172.17.0.0/16", "fd00::/64"]
    assert refusals({}, subnets(networks), own=0) == []


def test_routes_of_the_host_are_those_of_the_kernel_s_table(tmp_path: Path) -> None:
    (tmp_path / "route").write_text(TABLE)
    assert host_routes(tmp_path / "route") == [IPv4Network("172.17.0.0/16"), IPv4Network("192.168.0.0/24")]
    assert host_routes(tmp_path / "absent") == []
