"""Which ports of the host can be published, also for a user without root and an engine without it."""

import errno
import socket
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from components.engine.host import ports
from components.engine.host.ports import PROCESS, is_free, port_holders, published, published_ports, refusals
from components.engine.workload import Port

HERE = {"Name": socket.gethostname()}
ELSEWHERE = {"Name": "colima"}
ROOTLESS = {**HERE, "SecurityOptions": ["name=seccomp,profile=default", "name=rootless"]}
UNUSED = "192.0.2.10"
"""An address that no machine has (RFC 5737)."""


def port(external: int, address: str = "127.0.0.1", setting: str = "edge.proxy_port") -> Port:
    return Port(4000, external, address, setting)


@pytest.fixture
def taken() -> Iterator[Port]:
    """A port that a process of this host listens on."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        yield port(listener.getsockname()[1])


def container(name: str, number: int, address: str = "", stack: str | None = None) -> Any:
    bindings = {"4000/tcp": [{"HostIp": address, "HostPort": str(number)}], "9/tcp": None}
    labels = {"gateway.stack": stack} if stack else {}
    return SimpleNamespace(name=name, labels=labels, attrs={"NetworkSettings": {"Ports": bindings}})


@pytest.fixture
def unprivileged(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """As a user whose lowest port is 1024."""
    (tmp_path / "lowest").write_text("1024\n")
    monkeypatch.setattr(ports, "UNPRIVILEGED", tmp_path / "lowest")


def refuse_to_bind(monkeypatch: pytest.MonkeyPatch, reason: int) -> None:
    monkeypatch.setattr(ports, "_bind", lambda *_: reason)


def test_port_with_a_listener_is_taken(taken: Port) -> None:
    assert not is_free(taken)


def test_port_is_free_after_its_listener() -> None:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        number = listener.getsockname()[1]
    assert is_free(port(number))


def test_port_that_only_docker_may_bind_is_free_unless_somebody_listens(
    monkeypatch: pytest.MonkeyPatch, taken: Port
) -> None:
    refuse_to_bind(monkeypatch, errno.EACCES)
    assert is_free(port(1))
    assert not is_free(taken)


def test_address_of_another_host_is_refused_by_its_setting_and_its_port_is_not_taken() -> None:
    wanted = [port(4000, UNUSED), port(4001, UNUSED, "edge.health_port")]
    assert refusals(wanted, HERE) == [f"edge.address: {UNUSED} is no address of this host (`ip address`)"]
    assert port_holders("dev", wanted, [], HERE) == {}
    assert refusals(wanted, ELSEWHERE) == []


@pytest.mark.parametrize("address", ["127.0.0.1", "0.0.0.0", "::"])  # noqa: S104 - settings
def test_address_of_this_host_is_accepted(address: str) -> None:
    assert refusals([port(4000, address)], HERE) == []


def test_ipv6_address_of_another_host_is_refused() -> None:
    assert refusals([port(4000, "2001:db8::1")], HERE) == [
        "edge.address: 2001:db8::1 is no address of this host (`ip address`)"
    ]


@pytest.mark.usefixtures("unprivileged")
def test_rootless_engine_is_refused_a_low_port_with_both_cures(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ports, "rootless_binds_all", lambda: False)
    wanted = [port(4000), port(443, setting="edge.https_port")]
    assert refusals(wanted, HERE) == []
    (refusal,) = refusals(wanted, ROOTLESS)
    assert refusal == (
        "edge.https_port: a rootless engine cannot publish port 443; "
        "`sudo sysctl net.ipv4.ip_unprivileged_port_start=443`, or set one from 1024 on"
    )
    monkeypatch.setattr(ports, "rootless_binds_all", lambda: True)
    assert refusals(wanted, ROOTLESS) == []


def test_process_on_the_host_holds_its_port(taken: Port) -> None:
    assert port_holders("dev", [taken], [], HERE) == {taken.external: PROCESS}
    assert port_holders("dev", [taken], [], {"OperatingSystem": "Docker Desktop"}) == {taken.external: PROCESS}


def test_ports_of_an_engine_elsewhere_are_not_asked_here(taken: Port) -> None:
    assert port_holders("dev", [taken], [], ELSEWHERE) == {}


def test_stack_s_own_container_holds_no_port_against_it(taken: Port) -> None:
    own = container("gateway-dev-ingress", taken.external, stack="dev")
    assert port_holders("dev", [taken], [own], HERE) == {}
    assert port_holders("prod", [taken], [own], HERE) == {taken.external: "container gateway-dev-ingress"}


@pytest.mark.parametrize(
    ("wanted", "held", "collide"),
    [
        ("127.0.0.1", "127.0.0.1", True),
        ("127.0.0.1", "0.0.0.0", True),  # noqa: S104
        ("0.0.0.0", "10.0.0.1", True),  # noqa: S104
        ("127.0.0.1", "10.0.0.1", False),
        ("::", "::1", True),
        ("::", "127.0.0.1", False),
        ("127.0.0.1", "::", False),
        ("::1", "", True),
    ],
)
def test_port_is_taken_on_its_own_address_only(wanted: str, held: str, *, collide: bool) -> None:
    found = port_holders("dev", [port(4000, wanted)], [container("web", 4000, held)], ELSEWHERE)
    assert found == ({4000: "container web"} if collide else {})


def test_published_ports_are_those_of_tcp() -> None:
    bindings = {"53/udp": [{"HostPort": "53"}], "80/tcp": [{"HostIp": "0.0.0.0", "HostPort": "8080"}]}  # noqa: S104
    attributes = {"NetworkSettings": {"Ports": bindings}}
    assert published(attributes) == {("0.0.0.0", 8080)}  # noqa: S104
    assert published_ports(attributes) == {8080}
    assert published_ports({"NetworkSettings": {"Ports": None}}) == set()
