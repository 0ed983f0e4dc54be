"""The edge's workload."""

from components.edge import ports, workload
from components.haproxy_config import EdgeSettings
from components.workload import Network, Port, Replacement

SETTINGS = EdgeSettings(address="0.0.0.0", proxy_port=4300, health_port=4301)  # noqa: S104
WORKLOAD = workload(SETTINGS, "haproxy:3.2", request_timeout=600)


def test_settings_say_which_host_ports_lead_to_the_proxy_and_to_its_health() -> None:
    assert ports(SETTINGS) == (
        Port(internal=4000, external=4300, address="0.0.0.0", setting="proxy_port"),  # noqa: S104
        Port(internal=4001, external=4301, address="0.0.0.0", setting="health_port"),  # noqa: S104
    )
    assert WORKLOAD.ports == ports(SETTINGS)


def test_only_this_host_reaches_the_edge_unless_told_otherwise() -> None:
    assert {port.address for port in ports(EdgeSettings())} == {"127.0.0.1"}


def test_the_edge_cannot_reach_the_database() -> None:
    assert WORKLOAD.networks == (Network.FRONT,)


def test_the_old_edge_gives_its_ports_up_before_the_new_one_starts() -> None:
    assert WORKLOAD.replacement is Replacement.DELETE_BEFORE_CREATE


def test_the_edge_is_healthy_once_a_replica_can_serve() -> None:
    assert "/dev/tcp/127.0.0.1/4001" in WORKLOAD.health.command[-1]
    assert "/health/readiness" in WORKLOAD.health.command[-1]


def test_the_edge_holds_no_secret() -> None:
    assert not WORKLOAD.secrets
    assert set(WORKLOAD.config) == {"haproxy.cfg"}
