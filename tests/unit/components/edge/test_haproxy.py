"""The edge's haproxy.cfg."""

from dataclasses import replace

import pytest

from components.edge.backends import MAX_REPLICAS
from components.edge.haproxy import configuration
from components.edge.settings import EdgeSettings
from components.engine.engine import DOCKER_NAMES, NameService
from components.litellm.settings import LiteLLMSettings
from tests.unit.components.edge.sections import REPLICAS, section

TEXT = configuration(EdgeSettings(queue_timeout=9), REPLICAS)


def lines(header: str) -> list[str]:
    return section(TEXT, header)


def test_proxy_and_health_have_a_port_each() -> None:
    assert "bind :4000 accept-proxy" in lines("frontend proxy")
    assert "bind :4001" in lines("frontend health")


def test_host_ports_do_not_change_the_configuration() -> None:
    given = EdgeSettings(address="10.0.0.9", proxy_port=4300, health_port=4301)
    assert configuration(given, REPLICAS) == configuration(EdgeSettings(), REPLICAS)


def test_edge_waits_longer_than_litellm() -> None:
    assert {"timeout client 460s", "timeout server 460s"} <= set(lines("defaults"))


def test_queue_and_silent_streams_have_their_times() -> None:
    assert {"timeout queue 9s", "timeout tunnel 14400s"} <= set(lines("defaults"))


def test_connections_to_replicas_are_not_kept() -> None:
    assert "option http-server-close" in lines("defaults")


def test_only_failed_connections_are_retried() -> None:
    retries = [line for line in lines("defaults") if line.startswith("retry-on")]
    assert retries == ["retry-on conn-failure"]


def test_replica_is_checked_for_life_not_readiness() -> None:
    backend = lines("backend litellm")
    assert "option httpchk" in backend
    assert "http-check send meth GET uri /health/liveliness" in backend


def test_replicas_are_found_by_their_alias() -> None:
    assert f"server-template litellm {MAX_REPLICAS} litellm:4000" in lines("backend litellm")
    assert "nameserver docker 127.0.0.11:53" in lines("resolvers docker")


def test_largest_stack_fits_twice() -> None:
    most = next(item.le for item in LiteLLMSettings.model_fields["replicas"].metadata if hasattr(item, "le"))
    assert 2 * most <= MAX_REPLICAS


def test_edge_answers_probes_itself() -> None:
    health = lines("frontend health")
    assert not [line for line in health if "backend" in line]
    answers = [line.split()[3] for line in health if line.startswith("http-request return")]
    assert answers == ["404", "503", "200"]


@pytest.mark.parametrize("path", ["/health/liveliness", "/health/liveness", "/health/readiness"])
def test_health_has_litellm_s_own_paths_with_and_without_slash(path: str) -> None:
    known = next(line for line in lines("frontend health") if line.startswith("acl known path"))
    assert {path, f"{path}/"} <= set(known.split())


def test_no_option_closes_connections_or_buffers_streams() -> None:
    options = {line for line in TEXT.splitlines() if line.strip().startswith("option ")}
    refused = ("httpclose", "forceclose", "http-buffer-request")
    assert not [line for line in options if any(word in line for word in refused)]


def test_request_of_a_client_that_left_is_aborted() -> None:
    assert "option abortonclose" in lines("defaults")


def test_stopping_edge_announces_its_end() -> None:
    assert "grace 3s" in lines("global")
    rules = lines("frontend metrics")
    assert rules.index("http-request return status 404 if { stopping }") < rules.index(
        "http-request return status 200 if { path /serving }"
    )
    assert "option idle-close-on-response" in lines("frontend proxy")


def test_stopping_edge_outlasts_requests_and_idle_clients() -> None:
    assert "hard-stop-after 463s" in lines("global")
    assert "hard-stop-after 1003s" in configuration(EdgeSettings(keepalive_timeout=1000), REPLICAS)


def test_requests_wait_until_a_replica_is_known() -> None:
    assert "tcp-request inspect-delay 2s" in lines("frontend proxy")
    known = "{ nbsrv(litellm) gt 0 } { nbsrv(litellm_busy_caller) gt 0 } { nbsrv(litellm_busy_model) gt 0 }"
    fixed = "{ nbsrv(litellm_admin) gt 0 } { nbsrv(litellm_large_body) gt 0 }"
    accepted = f"tcp-request content accept if {known} {fixed} or {{ stopping }}"
    assert accepted in lines("frontend proxy")


@pytest.mark.parametrize("status", [408, 502, 503, 504])
def test_haproxy_s_own_errors_are_json(status: int) -> None:
    line = next(line for line in lines("defaults") if line.startswith(f"http-error status {status} "))
    assert "content-type application/json" in line


def test_log_holds_no_request() -> None:
    assert "option httplog" not in TEXT
    assert "capture" not in TEXT


CLUSTER = NameService("cluster", None, ".gateway-prod.svc.cluster.local")


def test_replicas_of_a_cluster_are_found_by_their_whole_name() -> None:
    text = configuration(EdgeSettings(), replace(REPLICAS, names=CLUSTER))
    assert "resolvers cluster\n  parse-resolv-conf\n  accepted_payload_size 8192\n" in text
    assert "server-template litellm 32 litellm.gateway-prod.svc.cluster.local:4000" in text
    assert "docker" not in text


@pytest.mark.parametrize(("names", "asked"), [(CLUSTER, True), (DOCKER_NAMES, False)], ids=["cluster", "docker"])
def test_connections_to_a_lost_node_end_soon(names: NameService, *, asked: bool) -> None:
    text = configuration(EdgeSettings(), replace(REPLICAS, names=names))
    assert ("option srvtcpka\n  srvtcpka-idle 10s\n  srvtcpka-intvl 5s\n  srvtcpka-cnt 3\n" in text) is asked


def test_several_edges_divide_the_limits() -> None:
    settings = EdgeSettings(queue_length=100, fair_share_percent=100)
    one, two = (configuration(settings, replace(REPLICAS, edges=edges)) for edges in (1, 2))
    for text, queue, places in ((one, 100, 90), (two, 50, 45)):
        assert f"{{ queue(litellm) ge {queue} }}" in text
        assert f"default-server maxconn {places} " in text
        # The replica is told the most that all edges send.
        assert f'agent-send "{places} 90\\n"' in text


def test_without_an_ingress_only_own_balancers_use_the_proxy_protocol() -> None:
    settings = EdgeSettings(https_port=443, redirect_port=80, proxy_protocol_from=("10.0.0.0/8",))
    text = configuration(settings, REPLICAS, behind_ingress=False)
    assert "accept-proxy" not in text
    assert text.count("tcp-request connection expect-proxy layer4 if { src 10.0.0.0/8 }") == 2
    assert "expect-proxy" not in configuration(EdgeSettings(), REPLICAS, behind_ingress=False)
