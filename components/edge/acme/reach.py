"""Whether an ACME server can reach the gateway with its questions, and clients can use what it issues."""

from ipaddress import ip_address

from components.edge.settings import EdgeSettings

CHALLENGE_PORT = 80
"""HTTP-01 asks at this port and at no other (RFC 8555, 8.3)."""


def warnings(edge: EdgeSettings) -> list[str]:
    """Return a sentence for each reason why a certificate by ACME may not come, or be of no use."""
    return [*_unreachable(edge), *_unused(edge)] if edge.acme.enabled else []


def _unused(edge: EdgeSettings) -> list[str]:
    refused = [domain for domain in edge.acme.domains if edge.allowed_hosts and domain not in edge.allowed_hosts]
    return [f"edge.allowed_hosts: lacks {domain}, which the certificate is for" for domain in refused]


def _unreachable(edge: EdgeSettings) -> list[str]:
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
