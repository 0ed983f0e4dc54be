"""Whether an ACME server can reach the gateway with its questions."""

from ipaddress import ip_address

from components.edge.settings import EdgeSettings

CHALLENGE_PORT = 80
"""HTTP-01 asks at this port and at no other (RFC 8555, 8.3)."""


def unreachable(edge: EdgeSettings) -> list[str]:
    """Return a warning when the questions arrive only if something else passes them on."""
    if not edge.acme.enabled:
        return []
    ways = {"edge.proxy_port": (edge.proxy_port, edge.plain_addresses)}
    if edge.redirect_port:
        ways["edge.redirect_port"] = (edge.redirect_port, edge.addresses)
    at_port = {setting: addresses for setting, (port, addresses) in ways.items() if port == CHALLENGE_PORT}
    if not at_port:
        cure = f"set it to {CHALLENGE_PORT}, or have something pass the questions on"
        return [f"edge.redirect_port: the ACME server asks at port {CHALLENGE_PORT}; {cure}"]
    if all(ip_address(address).is_loopback for addresses in at_port.values() for address in addresses):
        cure = "set 0.0.0.0, or have something pass the questions on"
        return [f"edge.address: the ACME server does not reach {', '.join(edge.addresses)}; {cure}"]
    return []
