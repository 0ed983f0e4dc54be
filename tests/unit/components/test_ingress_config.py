"""The ingress's haproxy.cfg: what it passes on, and to whom."""

import pytest

from components.edge_settings import EdgeSettings
from components.ingress_config import configuration

TEXT = configuration(EdgeSettings())


@pytest.mark.parametrize(("port", "protocol"), [(4000, " send-proxy-v2"), (4001, "")])
def test_a_port_leads_to_the_same_port_of_the_edge(port: int, protocol: str) -> None:
    assert f"  bind :{port}\n  server-template edge 4 edge:{port}{protocol}\n" in TEXT


def test_tls_is_passed_on_unopened() -> None:
    assert "bind :4443\n  server-template edge 4 edge:4443 send-proxy-v2" in configuration(EdgeSettings(https_port=443))
    assert "ssl" not in configuration(EdgeSettings(https_port=443))
    assert "4443" not in TEXT


def test_an_edge_that_stops_gets_no_new_connection() -> None:
    assert "http-check send meth GET uri /serving" in TEXT
    assert "http-check disable-on-404" in TEXT


def test_a_connection_outlasts_the_longest_request() -> None:
    assert "timeout server 7200s" in TEXT
