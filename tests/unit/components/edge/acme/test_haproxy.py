"""What ACME adds to haproxy.cfg."""

import pytest

from components.edge.acme.settings import AcmeSettings
from components.edge.haproxy import Replicas, configuration
from components.edge.settings import EdgeSettings

ACME = AcmeSettings(domains=("llm.example.com",), terms_of_service_agreed=True)
REPLICAS = Replicas(request_timeout=600, concurrency=64)
EDGE = EdgeSettings(https_port=443, redirect_port=80, acme=ACME, allowed_hosts=("other.example.com",))
LINES = [line.strip() for line in configuration(EDGE, REPLICAS).splitlines()]
BY_HAND = configuration(EdgeSettings(https_port=443), REPLICAS)


@pytest.mark.parametrize("word", ["stats socket", "acme", "strict-sni", "/var/lib/haproxy"])
def test_certificate_by_hand_needs_none_of_it(word: str) -> None:
    assert word not in BY_HAND
    assert word in "\n".join(LINES)


def test_each_edge_has_a_socket_that_its_own_user_alone_opens() -> None:
    assert 'stats socket "/var/lib/haproxy/${HOSTNAME}.sock" mode 600 level admin' in LINES


def test_edge_starts_without_a_certificate() -> None:
    (bind,) = (line for line in LINES if line.startswith("bind :4443"))
    assert "crt /var/lib/haproxy strict-sni ssl-min-ver TLSv1.2" in bind


def test_server_s_questions_pass_before_all_other_rules() -> None:
    rules = [line for line in LINES[LINES.index("frontend proxy") :] if line.startswith("http-request")]
    refusals = [line for line in rules if line.startswith("http-request return")]
    assert len(refusals) > 5
    assert rules.index("http-request allow if acme_challenge METH_GET") < rules.index(refusals[0])


def test_server_s_questions_are_not_redirected() -> None:
    redirect = LINES[LINES.index("frontend redirect") :]
    allowed = redirect.index("http-request allow if acme_challenge METH_GET")
    (redirected,) = (index for index, line in enumerate(redirect) if line.startswith("http-request redirect"))
    assert allowed < redirected
    assert "use_backend acme if acme_challenge METH_GET" in redirect


def test_server_s_questions_reach_certbot_alone() -> None:
    assert "use_backend acme if acme_challenge METH_GET" in LINES
    assert "server acme acme:8080 maxconn 16 init-addr none resolvers docker" in LINES
