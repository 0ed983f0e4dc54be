"""Whether an ACME server can reach the gateway with its questions."""

from ipaddress import ip_address

from components.edge.settings import EdgeSettings

CHALLENGE_PORT = 80
"""HTTP-01 asks at this port and at no other (RFC 8555, 8.3)."""


def unreachable(edge: EdgeSettings) -> list[str]:
    """Return a warning for each reason why the questions arrive only if something passes them on."""
    if not edge.acme.enabled:
        return []
    found = []
    if edge.proxy_port != CHALLENGE_PORT:
        found.append(
            f"edge.proxy_port: ACME asks at port {CHALLENGE_PORT}; set it, or have port {CHALLENGE_PORT} passed on to"
            f" {edge.proxy_port}"
        )
    if ip_address(edge.address).is_loopback:
        found.append(f"edge.address: the ACME server does not reach {edge.address}; set 0.0.0.0, or pass its port on")
    return found
