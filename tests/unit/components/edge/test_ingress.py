"""The ingress's haproxy.cfg."""

from components.edge.ingress import configuration
from components.edge.settings import EdgeSettings

TEXT = configuration(EdgeSettings())


def test_port_leads_to_the_same_port_of_the_edge() -> None:
    assert "  bind :4000 thread 1\n  server-template edge 4 edge:4000 send-proxy-v2\n" in TEXT


def test_ingress_answers_probes_itself() -> None:
    frontend = TEXT.partition("frontend health\n")[2].partition("\n\n")[0]
    assert "bind :4001 thread 2" in frontend
    assert "backend" not in frontend
    answers = [line.split()[3] for line in frontend.splitlines() if "http-request return" in line]
    assert answers == ["404", "503", "200"]
    assert '"no replica can serve" if { nbsrv(edges) lt 1 }' in frontend


def test_edge_counts_while_a_replica_can_serve() -> None:
    backend = TEXT.partition("backend edges\n")[2]
    assert "http-check send meth GET uri /health/readiness" in backend
    assert "default-server check port 4001 inter 500ms fastinter 100ms fall 2 rise 1" in backend
    assert "server-template edge 4 edge:4001" in backend


def test_tls_is_passed_on_unopened() -> None:
    assert "bind :4443 thread 1\n  server-template edge 4 edge:4443 send-proxy-v2" in configuration(
        EdgeSettings(https_port=443)
    )
    assert "ssl" not in configuration(EdgeSettings(https_port=443))
    assert "4443" not in TEXT


def test_stopping_edge_gets_no_new_connection() -> None:
    assert "http-check send meth GET uri /serving" in TEXT
    assert "http-check disable-on-404" in TEXT


def test_connection_outlasts_the_longest_request() -> None:
    assert "timeout server 86400s" in TEXT


def test_only_listed_balancers_speak_the_proxy_protocol() -> None:
    rule = "  tcp-request connection expect-proxy layer4 if { src 10.0.0.0/8 192.0.2.7/32 }\n"
    settings = EdgeSettings(proxy_protocol_from=("10.0.0.0/8", "192.0.2.7"))
    assert f"  bind :4000 thread 1\n{rule}" in configuration(settings)
    assert "expect-proxy" not in TEXT


def test_redirect_has_a_listener_of_its_own() -> None:
    settings = EdgeSettings(https_port=443, redirect_port=80)
    assert "bind :4080 thread 1\n  server-template edge 4 edge:4080 send-proxy-v2" in configuration(settings)
    assert "4080" not in TEXT
