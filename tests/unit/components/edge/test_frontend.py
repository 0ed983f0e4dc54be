"""What the edge refuses, and whom it believes."""

from typing import Any

import pytest

from components.edge.haproxy import configuration
from components.edge.settings import EdgeSettings
from tests.unit.components.edge.sections import REPLICAS, section


def rules(**settings: Any) -> list[str]:
    """Return the rules of the frontend for clients."""
    return section(configuration(EdgeSettings(**settings), REPLICAS), "frontend proxy")


RULES = rules(max_body_mib=2, queue_length=33, queue_timeout=9, max_header_bytes=2048)


@pytest.mark.parametrize(
    ("status", "condition"),
    [
        (404, "if { path,url_dec -m beg /metrics }"),
        (413, "if { req.body_size gt 2097152 }"),
        (429, "if admin { queue(litellm_admin) ge 33 }"),
        (429, "if !admin large_body { queue(litellm_large_body) ge 33 }"),
        (429, "if !admin !large_body busy_caller { queue(litellm_busy_caller) ge 33 }"),
        (429, "if !admin !large_body !busy_caller busy_model { queue(litellm_busy_model) ge 33 }"),
        (429, "if !admin !large_body !busy_caller !busy_model { queue(litellm) ge 33 }"),
        (431, "if { req.hdrs,length gt 2048 }"),
    ],
)
def test_request_beyond_a_limit_has_its_own_status(status: int, condition: str) -> None:
    (rule,) = [rule for rule in RULES if rule.startswith("http-request return") and rule.endswith(condition)]
    assert f"return status {status} content-type application/json" in rule
    assert ("Retry-After" in rule) == (status == 429)


def test_without_a_share_queues_are_bounded_all_the_same() -> None:
    full = [rule.rpartition(" if ")[2] for rule in rules(fair_share_percent=100) if "status 429" in rule]
    assert full == [
        "admin { queue(litellm_admin) ge 256 }",
        "!admin large_body { queue(litellm_large_body) ge 256 }",
        "!admin !large_body { queue(litellm) ge 256 }",
    ]


def test_body_of_unknown_size_is_left_to_the_replica_with_its_limits() -> None:
    assert not [rule for rule in RULES if "411" in rule or "transfer-encoding" in rule]
    assert 'http-request set-header x-gateway-body-limits "2097152 9"' in RULES


def test_only_a_json_body_is_waited_for() -> None:
    (wait,) = [rule for rule in RULES if "wait-for-body" in rule]
    assert wait == "http-request wait-for-body time 30s if json !admin"
    assert "acl json req.hdr(content-type) -m sub json" in RULES


def test_only_allowed_hosts_are_served() -> None:
    assert any(
        rule.endswith("unless { req.hdr(host),host_only,lower -m str llm.example.com gateway }")
        for rule in rules(allowed_hosts=("llm.example.com", "gateway"))
    )
    assert not [rule for rule in RULES if "status 421" in rule]


def test_tls_has_the_certificate_and_hsts() -> None:
    found = rules(https_port=8443)
    assert "bind :4443 accept-proxy ssl crt /run/secrets/certificate.pem ssl-min-ver TLSv1.2 alpn h2,http/1.1" in found
    assert any('set-header Strict-Transport-Security "max-age=63072000" if { ssl_fc }' in rule for rule in found)
    assert not [rule for rule in RULES if "ssl" in rule]


def test_client_cannot_forge_its_address_or_scheme() -> None:
    assert RULES.index("http-request del-header X-Forwarded-For") < RULES.index("option forwardfor")
    for name in ("X-Forwarded-Proto", "X-Forwarded-Host", "Forwarded", "X-Real-IP"):
        assert f"http-request del-header {name}" in RULES
    assert not [rule for rule in RULES if "set-src" in rule]


def test_trusted_proxy_names_the_client_and_its_scheme() -> None:
    found = rules(trusted_proxies=("10.0.0.0/8", "fd00::1"))
    order = [
        "acl trusted src 10.0.0.0/8 fd00::1/128",
        "http-request del-header X-Forwarded-Proto unless trusted",
        "http-request set-src req.hdr_ip(X-Forwarded-For,-1) if trusted { req.hdr_cnt(X-Forwarded-For) ge 1 }",
        "http-request set-src req.hdr_ip(X-Forwarded-For,-2) if trusted { req.hdr_cnt(X-Forwarded-For) ge 2 }",
        "http-request del-header X-Forwarded-For",
        "option forwardfor",
    ]
    assert [rule for rule in found if rule in order] == order


def test_tls_of_the_edge_outweighs_what_a_proxy_says() -> None:
    found = rules(https_port=443, trusted_proxies=("10.0.0.0/8",))
    removed = found.index("http-request del-header X-Forwarded-Proto unless trusted")
    assert removed < found.index("http-request set-header X-Forwarded-Proto https if { ssl_fc }")


def test_administration_may_be_kept_to_addresses() -> None:
    (rule,) = [rule for rule in rules(admin_addresses=("10.0.0.0/8",)) if "status 403" in rule]
    assert rule.endswith("if admin !{ src 10.0.0.0/8 }")
    assert not [rule for rule in RULES if "status 403" in rule]


def test_clients_may_need_a_certificate_except_for_probes() -> None:
    found = rules(https_port=443, client_ca="ca.pem")
    assert any(rule.endswith("ca-file /etc/gateway/client-ca.pem verify optional") for rule in found)
    (rule,) = [rule for rule in found if "status 403" in rule]
    assert rule.endswith("if { ssl_fc } !{ ssl_c_used } !{ path -m beg /health/ }")


@pytest.mark.parametrize(("port", "place"), [(443, ""), (8443, ":8443")])
def test_plain_http_may_be_redirected_to_tls(port: int, place: str) -> None:
    text = configuration(EdgeSettings(https_port=port, redirect_port=80), REPLICAS)
    location = f"https://%[req.hdr(host),host_only]{place}%[pathq]"
    assert f"http-request redirect code 308 location {location}" in section(text, "frontend redirect")
