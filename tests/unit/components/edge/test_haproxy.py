"""The edge's haproxy.cfg."""

import pytest

from components.edge.haproxy import MAX_REPLICAS, configuration
from components.edge.settings import EdgeSettings
from components.litellm.settings import LiteLLMSettings

TEXT = configuration(EdgeSettings(replica_concurrency=7, queue_timeout=9), request_timeout=450)


def section(header: str) -> list[str]:
    """Return the lines of one section, without comments."""
    _, _, rest = f"\n{TEXT}".partition(f"\n{header}\n")
    lines = rest.partition("\n\n")[0].splitlines()
    return [line.strip() for line in lines if not line.strip().startswith("#")]


def test_proxy_and_health_have_a_port_each() -> None:
    assert "bind :4000 accept-proxy" in section("frontend proxy")
    assert "bind :4001" in section("frontend health")


def test_host_ports_do_not_change_the_configuration() -> None:
    assert configuration(EdgeSettings(proxy_port=4300, health_port=4301), 600) == configuration(EdgeSettings(), 600)


def test_edge_waits_longer_than_litellm() -> None:
    assert {"timeout client 460s", "timeout server 460s"} <= set(section("defaults"))


def test_requests_beyond_a_replica_s_limit_wait() -> None:
    assert any(line.startswith("default-server maxconn 7 ") for line in section("backend litellm"))
    assert "timeout queue 9s" in section("defaults")


def test_connections_to_replicas_are_not_kept() -> None:
    assert "option http-server-close" in section("defaults")


def test_only_failed_connections_are_retried() -> None:
    retries = [line for line in section("defaults") if line.startswith("retry-on")]
    assert retries == ["retry-on conn-failure"]


def test_replica_is_checked_for_life_not_readiness() -> None:
    backend = section("backend litellm")
    assert "option httpchk" in backend
    assert "http-check send meth GET uri /health/liveliness" in backend


def test_replicas_are_found_by_their_alias() -> None:
    assert f"server-template litellm {MAX_REPLICAS} litellm:4000" in section("backend litellm")
    assert "nameserver docker 127.0.0.11:53" in section("resolvers docker")


def test_largest_stack_fits_twice() -> None:
    most = next(item.le for item in LiteLLMSettings.model_fields["replicas"].metadata if hasattr(item, "le"))
    assert 2 * most <= MAX_REPLICAS


def test_edge_answers_probes_itself() -> None:
    health = section("frontend health")
    assert not [line for line in health if "backend" in line]
    answers = [line.split()[3] for line in health if line.startswith("http-request return")]
    assert answers == ["404", "503", "200"]


@pytest.mark.parametrize("path", ["/health/liveliness", "/health/readiness"])
def test_health_has_litellm_s_own_paths(path: str) -> None:
    known = next(line for line in section("frontend health") if line.startswith("acl known path"))
    assert path in known.split()


def test_no_option_closes_connections_or_buffers_streams() -> None:
    options = {line for line in TEXT.splitlines() if line.strip().startswith("option ")}
    refused = ("httpclose", "forceclose", "http-buffer-request")
    assert not [line for line in options if any(word in line for word in refused)]


def test_request_of_a_client_that_left_is_aborted() -> None:
    assert "option abortonclose" in section("defaults")


def test_stopping_edge_announces_its_end() -> None:
    assert "grace 3s" in section("global")
    rules = section("frontend metrics")
    assert rules.index("http-request return status 404 if { stopping }") < rules.index(
        "http-request return status 200 if { path /serving }"
    )
    assert "option idle-close-on-response" in section("frontend proxy")


def test_stopping_edge_outlasts_requests_and_idle_clients() -> None:
    assert "hard-stop-after 463s" in section("global")
    assert "hard-stop-after 1003s" in configuration(EdgeSettings(keepalive_timeout=1000), request_timeout=450)


def test_requests_wait_until_a_replica_is_known() -> None:
    assert "tcp-request inspect-delay 2s" in section("frontend proxy")
    assert "tcp-request content accept if { nbsrv(litellm) gt 0 } or { stopping }" in section("frontend proxy")


@pytest.mark.parametrize(
    ("status", "condition"),
    [
        (404, "if { path,url_dec -m beg /metrics }"),
        (411, "if { req.hdr(transfer-encoding) -m found }"),
        (413, "if { req.body_size gt 2097152 }"),
        (429, "if { queue(litellm) ge 33 }"),
        (431, "if { req.hdrs,length gt 2048 }"),
    ],
)
def test_request_beyond_a_limit_has_its_own_status(status: int, condition: str) -> None:
    settings = EdgeSettings(max_body_mib=2, queue_length=33, max_header_bytes=2048)
    rule = next(line for line in configuration(settings, 450).splitlines() if f"return status {status} content" in line)
    assert rule.endswith(condition)
    assert ("Retry-After" in rule) == (status == 429)


def test_http_2_body_of_unknown_size_is_refused() -> None:
    rules = section("frontend proxy")
    unsized = "{ req.ver 2.0 } !{ req.hdr(content-length) -m found }"
    wait = rules.index(f"http-request wait-for-body time 10s at-least 1 if {unsized}")
    refusal = next(rule for rule in rules if rule.endswith(f"if {unsized} {{ req.body_size gt 0 }}"))
    assert "status 411" in refusal
    assert wait < rules.index(refusal)


@pytest.mark.parametrize("status", [408, 502, 503, 504])
def test_haproxy_s_own_errors_are_json(status: int) -> None:
    line = next(line for line in section("defaults") if line.startswith(f"http-error status {status} "))
    assert "content-type application/json" in line


def test_only_allowed_hosts_are_served() -> None:
    text = configuration(EdgeSettings(allowed_hosts=("llm.example.com", "gateway")), 450)
    assert "unless { req.hdr(host),field(1,:),lower -m str llm.example.com gateway }" in text
    assert "status 421" not in TEXT


def test_tls_has_the_certificate_and_hsts() -> None:
    text = configuration(EdgeSettings(https_port=8443), 450)
    assert "bind :4443 accept-proxy ssl crt /run/secrets/certificate.pem ssl-min-ver TLSv1.2 alpn h2,http/1.1" in text
    assert 'set-header Strict-Transport-Security "max-age=63072000" if { ssl_fc }' in text
    assert "ssl" not in TEXT


def test_client_cannot_forge_its_address() -> None:
    rules = section("frontend proxy")
    assert rules.index("http-request del-header X-Forwarded-For") < rules.index("option forwardfor")


def test_log_holds_no_request() -> None:
    assert "option httplog" not in TEXT
    assert "capture" not in TEXT
