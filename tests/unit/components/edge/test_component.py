"""The edge and the ingress as services."""

from dataclasses import replace
from unittest.mock import Mock

import pytest

from components.edge.component import Edge, EdgeArgs, edge_service, ingress_service, ports
from components.edge.haproxy import Replicas
from components.edge.settings import CgroupParent, EdgeSettings
from components.engine.workload import HttpGet, Network, Port, Replacement, TcpSocket
from tests.unit.components.workloads import NO_ENGINE
from tests.unit.program import QUIET_HOST, record, run, stack_config

SETTINGS = EdgeSettings(address="0.0.0.0", proxy_port=4300, health_port=4301)  # noqa: S104
REPLICAS = Replicas(request_timeout=600, concurrency=90)
ARGS = EdgeArgs(SETTINGS, "haproxy:3.2", REPLICAS, certificate=None, root_cgroup="/", engine=NO_ENGINE)
EDGE = edge_service(ARGS, "edge")
INGRESS = ingress_service(ARGS)


def test_settings_name_the_host_ports() -> None:
    assert ports(SETTINGS) == (
        Port(internal=4000, external=4300, address="0.0.0.0", setting="edge.proxy_port"),  # noqa: S104
        Port(internal=4001, external=4301, address="0.0.0.0", setting="edge.health_port"),  # noqa: S104
    )
    assert INGRESS.ports == ports(SETTINGS)
    assert ports(EdgeSettings(https_port=4302))[2] == Port(4443, 4302, "127.0.0.1", "edge.https_port")


def test_port_is_published_on_each_address() -> None:
    settings = EdgeSettings(more_addresses=("::1",), https_port=443, redirect_port=80)
    assert [(port.internal, port.external, port.address) for port in ports(settings)] == [
        (internal, external, address)
        for internal, external in ((4000, 4000), (4001, 4001), (4443, 443), (4080, 80))
        for address in ("127.0.0.1", "::1")
    ]


def test_plain_port_may_stay_on_loopback() -> None:
    settings = EdgeSettings(address="0.0.0.0", plain_address="127.0.0.1", https_port=443)  # noqa: S104
    assert {port.setting: port.address for port in ports(settings)} == {
        "edge.proxy_port": "127.0.0.1",
        "edge.health_port": "0.0.0.0",  # noqa: S104
        "edge.https_port": "0.0.0.0",  # noqa: S104
    }


@pytest.mark.parametrize(
    ("public", "proxy", "health"),
    [
        (None, "http://192.0.2.1:4300", "http://192.0.2.1:4301/health/liveliness"),
        ("https://llm.example.com", "https://llm.example.com", "https://llm.example.com/health/liveliness"),
    ],
    ids=["its ports", "an Ingress"],
)
def test_outputs_are_where_clients_reach_it(
    monkeypatch: pytest.MonkeyPatch, public: str | None, proxy: str, health: str
) -> None:
    engine = Mock(public_url=public, client_host=lambda _: "192.0.2.1", run_replicas=lambda *_: [])
    args = replace(ARGS, engine=engine, behind_ingress=False)
    program = record(monkeypatch, "test", lambda: Edge("edge", args))
    assert program.outputs["edge"] == {"proxy_url": proxy, "health_url": health}


def test_gateway_listens_on_loopback_by_default() -> None:
    assert {port.address for port in ports(EdgeSettings())} == {"127.0.0.1"}


def test_edge_and_ingress_cannot_reach_the_database() -> None:
    assert EDGE.networks == INGRESS.networks == (Network.FRONT,)


def test_new_edge_starts_beside_the_old() -> None:
    assert EDGE.replacement is Replacement.CREATE_BEFORE_DELETE
    assert EDGE.ports == ()


def test_old_ingress_stops_before_the_new_starts() -> None:
    assert INGRESS.replacement is Replacement.DELETE_BEFORE_CREATE


def test_edge_s_settings_do_not_change_the_ingress() -> None:
    changed = {
        "admin_addresses": ("10.0.0.0/8",),
        "allowed_hosts": ("llm.example.com",),
        "fair_share_percent": 100,
        "keepalive_timeout": 1,
        "max_body_mib": 1,
        "max_header_bytes": 2048,
        "queue_length": 1,
        "queue_timeout": 1,
        "stream_timeout": 1,
        "trusted_proxies": ("10.0.0.0/8",),
    }
    args = replace(ARGS, settings=SETTINGS.model_copy(update=changed), replicas=Replicas(9, 1, 2, "/llm"))
    assert ingress_service(args) == INGRESS
    assert edge_service(args, "edge") != EDGE


@pytest.mark.parametrize(
    ("setting", "root_cgroup", "parent"),
    [(CgroupParent.ROOT, "/", "/"), (CgroupParent.DOCKER, "/", None), (CgroupParent.ROOT, None, None)],
)
def test_cgroup_parent_is_the_root_where_the_host_has_one(
    setting: CgroupParent, root_cgroup: str | None, parent: str | None
) -> None:
    args = replace(ARGS, settings=EdgeSettings(cgroup_parent=setting), root_cgroup=root_cgroup)
    assert (edge_service(args, "edge").cgroup_parent, ingress_service(args).cgroup_parent) == (parent, parent)


@pytest.mark.parametrize(
    ("settings", "root_cgroup", "parent"),
    [({}, "-.slice", "-.slice"), ({"cgroup_parent": "docker"}, "/", None)],
)
def test_only_edge_and_ingress_have_a_cgroup_parent(
    monkeypatch: pytest.MonkeyPatch, settings: dict[str, str], root_cgroup: str, parent: str | None
) -> None:
    config = stack_config("prod")
    config["gateway:edge"] = config.get("gateway:edge", {}) | settings
    program = run(monkeypatch, "prod", config, replace(QUIET_HOST, root_cgroup=root_cgroup))
    assert {name: each.get("cgroupParent") for name, each in program.containers.items()} == {
        name: parent if name in ("edge", "ingress") else None for name in program.containers
    }


def test_edge_and_ingress_are_healthy_once_a_replica_can_serve() -> None:
    for each in (EDGE, INGRESS):
        assert "/dev/tcp/127.0.0.1/4001" in each.health.command[-1]
        assert "/health/readiness" in each.health.command[-1]
        assert each.health.request == HttpGet(4001, "/health/readiness")


def test_certificate_is_the_edge_s_only_secret() -> None:
    assert not EDGE.secrets
    assert not INGRESS.secrets
    secure = edge_service(replace(ARGS, settings=EdgeSettings(https_port=4302), certificate="pem"), "edge")
    assert secure.secrets == {"certificate.pem": "pem"}
    assert set(secure.config) == {"haproxy.cfg"}


def test_clients_authorities_are_no_secret() -> None:
    settings = EdgeSettings(https_port=4302, client_ca="ca.pem")
    secure = edge_service(replace(ARGS, settings=settings, certificate="pem", client_ca="ca"), "edge")
    assert secure.config["client-ca.pem"] == "ca"


def test_edge_without_an_ingress_takes_clients_itself() -> None:
    alone = edge_service(replace(ARGS, behind_ingress=False), "edge")
    assert alone.ports == ports(SETTINGS)
    assert alone.liveness is not None
    assert alone.liveness.request == TcpSocket(4001)
    assert "accept-proxy" not in str(alone.config["haproxy.cfg"])
    assert "accept-proxy" in str(EDGE.config["haproxy.cfg"])
