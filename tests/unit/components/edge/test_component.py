"""The workloads of the way in."""

from dataclasses import replace

import pytest

from components.edge.component import ingress, ports, workload
from components.edge.settings import EdgeSettings
from components.engine.workload import Network, Port, Replacement
from tests.unit.program import QUIET_HOST, run, stack_config

SETTINGS = EdgeSettings(address="0.0.0.0", proxy_port=4300, health_port=4301)  # noqa: S104
EDGE = workload(SETTINGS, "haproxy:3.2", request_timeout=600)
INGRESS = ingress(SETTINGS, "haproxy:3.2")


def test_settings_say_which_host_ports_lead_to_the_proxy_and_to_its_health() -> None:
    assert ports(SETTINGS) == (
        Port(internal=4000, external=4300, address="0.0.0.0", setting="proxy_port"),  # noqa: S104
        Port(internal=4001, external=4301, address="0.0.0.0", setting="health_port"),  # noqa: S104
    )
    assert INGRESS.ports == ports(SETTINGS)
    assert ports(EdgeSettings(https_port=4302))[2] == Port(4443, 4302, "127.0.0.1", "https_port")


def test_only_this_host_reaches_the_gateway_unless_told_otherwise() -> None:
    assert {port.address for port in ports(EdgeSettings())} == {"127.0.0.1"}


def test_neither_can_reach_the_database() -> None:
    assert EDGE.networks == INGRESS.networks == (Network.FRONT,)


def test_a_new_edge_stands_beside_the_old_which_holds_no_port() -> None:
    assert EDGE.replacement is Replacement.CREATE_BEFORE_DELETE
    assert EDGE.ports == ()


def test_the_old_ingress_gives_its_ports_up_before_the_new_one_starts() -> None:
    assert INGRESS.replacement is Replacement.DELETE_BEFORE_CREATE


def test_settings_of_the_edge_leave_the_ingress_alone() -> None:
    changed = EdgeSettings(
        hosts=("llm.example.com",), max_body_mib=1, max_header_bytes=2048, replica_concurrency=1,
        queue_length=1, queue_timeout=1, keepalive_timeout=1,
    )  # fmt: skip
    assert ingress(changed, "haproxy:3.2") == ingress(EdgeSettings(), "haproxy:3.2")


@pytest.mark.parametrize(
    ("settings", "there", "given"), [({}, "-.slice", "-.slice"), ({"root_cgroup": False}, "/", None), ({}, None, None)]
)
def test_both_and_nothing_else_stand_beside_docker_s_cgroup_where_the_host_lets_them(
    monkeypatch: pytest.MonkeyPatch, settings: dict[str, bool], there: str | None, given: str | None
) -> None:
    config = stack_config("prod")
    config["gateway:edge"] = config.get("gateway:edge", {}) | settings
    program = run(monkeypatch, "prod", config, replace(QUIET_HOST, root_cgroup=there))
    assert {name: each.get("cgroupParent") for name, each in program.containers.items()} == {
        name: given if name in ("edge", "ingress") else None for name in program.containers
    }


def test_both_are_healthy_once_a_replica_can_serve() -> None:
    for each in (EDGE, INGRESS):
        assert "/dev/tcp/127.0.0.1/4001" in each.health.command[-1]
        assert "/health/readiness" in each.health.command[-1]


def test_the_certificate_is_the_edge_s_only_secret() -> None:
    assert not EDGE.secrets
    assert not INGRESS.secrets
    secure = workload(EdgeSettings(https_port=4302), "haproxy:3.2", 600, "pem")
    assert secure.secrets == {"certificate.pem": "pem"}
    assert set(secure.config) == {"haproxy.cfg"}
