"""Who asks: what own proxies and balancers say of the client, and nobody else."""

import socket
from collections.abc import Iterator

import httpx
import pytest
from cryptography.hazmat.primitives.serialization import Encoding

from testbed.completion import CHAT, question
from testbed.gateway import new_key
from testbed.ports import free_ports
from testbed.project import Project
from testbed.wait import wait_until
from tests.e2e.edge.secure_edge import SecureEdge

PRIVATE = ["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "fd00::/8"]
"""Where this machine stands for a container."""
SPEND_TIMEOUT = 60
CLIENT, ADMIN = "203.0.113.7", "203.0.113.8"
ALIASES = ("claimed", "proxied", "balanced")
WRONG_PASSWORDS = 20


@pytest.fixture(scope="module")
def keys(proxy: httpx.Client) -> dict[str, str]:
    """A virtual key for each test, by its alias."""
    return {alias: new_key(proxy, alias) for alias in ALIASES}


@pytest.fixture(scope="module")
def redirect_port() -> int:
    """A free port."""
    return free_ports(1)[0]


@pytest.fixture(scope="module")
def trusting(gateway: Project, edge: SecureEdge, keys: dict[str, str], redirect_port: int) -> Iterator[Project]:
    """The gateway behind an own proxy, with all that keeps clients apart."""
    assert keys
    (gateway.folder / "client-ca.pem").write_text(edge.certificate.public_bytes(encoding=Encoding.PEM).decode())
    settings = {
        "trusted_proxies": PRIVATE,
        "admin_addresses": [f"{ADMIN}/32"],
        "client_ca": "client-ca.pem",
        "redirect_port": redirect_port,
    }
    with gateway.changed({f"gateway:edge.{name}": value for name, value in settings.items()}):
        yield gateway


@pytest.fixture(scope="module")
def balanced(gateway: Project, keys: dict[str, str]) -> Iterator[Project]:
    """The gateway behind a balancer that speaks the PROXY protocol."""
    assert keys
    with gateway.changed({"gateway:edge.proxy_protocol_from": PRIVATE}):
        yield gateway


def logged_address(gateway: Project, alias: str) -> str:
    """Return the address in the spend log of a key's only request."""
    found = f"""select s.requester_ip_address from "LiteLLM_SpendLogs" s
        join "LiteLLM_VerificationToken" t on s.api_key = t.token where t.key_alias = '{alias}'"""
    wait_until(lambda: bool(gateway.sql(found)), SPEND_TIMEOUT, pause=1)
    return gateway.sql(found)


def status(url: str, key: str, path: str, **headers: str) -> int:
    """Ask once on a connection of its own, with headers whose names have `_` for `-`; return the status."""
    named = {"Authorization": f"Bearer {key}"} | {name.replace("_", "-"): text for name, text in headers.items()}
    body = question() if path == CHAT else None
    return httpx.request("POST" if body else "GET", url + path, json=body, headers=named, timeout=60).status_code


def test_a_claimed_address_is_not_believed(gateway: Project, url: str, keys: dict[str, str]) -> None:
    assert status(url, keys["claimed"], CHAT, X_Forwarded_For=CLIENT) == 200
    assert logged_address(gateway, "claimed") != CLIENT


def test_wrong_passwords_of_others_do_not_lock_out_the_admin(gateway: Project, url: str, key: str) -> None:
    def login(password: str, address: str) -> int:
        form, headers = {"username": "admin", "password": password}, {"X-Forwarded-For": address}
        return httpx.post(f"{url}/v2/login", json=form, headers=headers, timeout=60).status_code

    with gateway.changed({"gateway:edge.trusted_proxies": PRIVATE}):
        refused = [login(f"wrong-{number}", CLIENT) for number in range(WRONG_PASSWORDS)]
        assert 200 not in refused
        # LiteLLM blocks the address that they come from, and no other one.
        assert refused[-1] == 429
        assert login(key, ADMIN) == 200


def test_a_trusted_proxy_names_the_client(trusting: Project, url: str, keys: dict[str, str]) -> None:
    claimed_before = f"198.51.100.1, {CLIENT}"
    assert status(url, keys["proxied"], CHAT, X_Forwarded_For=claimed_before) == 200
    assert logged_address(trusting, "proxied") == CLIENT


@pytest.mark.usefixtures("trusting")
def test_a_trusted_proxy_names_the_scheme(url: str) -> None:
    answer = httpx.get(f"{url}/health/liveness/", headers={"X-Forwarded-Proto": "https"})
    assert answer.headers["location"].startswith("https://")


@pytest.mark.usefixtures("trusting")
@pytest.mark.parametrize("path", ["/key/list", "/%6bey/list", "/user/list", "/ui/"])
def test_administration_is_served_to_its_addresses_alone(url: str, key: str, path: str) -> None:
    assert status(url, key, path, X_Forwarded_For=CLIENT) == 403
    assert status(url, key, path, X_Forwarded_For=f"{ADMIN}, {CLIENT}") == 403
    assert status(url, key, path, X_Forwarded_For=ADMIN) == 200


@pytest.mark.usefixtures("trusting")
def test_clients_over_tls_need_a_certificate(
    edge: SecureEdge, key: str, tmp_path_factory: pytest.TempPathFactory
) -> None:
    trust = edge.trust()
    with httpx.Client(base_url=edge.url, headers={"Authorization": f"Bearer {key}"}, verify=trust) as client:
        assert client.get("/v1/models").status_code == 403
        assert client.get("/health/liveness").status_code == 200
    own = tmp_path_factory.mktemp("client") / "client.pem"
    own.write_text(edge.pem)
    trust.load_cert_chain(own)
    with httpx.Client(base_url=edge.url, headers={"Authorization": f"Bearer {key}"}, verify=trust) as client:
        assert client.get("/v1/models").status_code == 200


@pytest.mark.usefixtures("trusting")
def test_plain_http_is_redirected_to_tls(edge: SecureEdge, redirect_port: int) -> None:
    answer = httpx.get(f"http://127.0.0.1:{redirect_port}/v1/models?a=b")
    assert (answer.status_code, answer.headers["location"]) == (308, f"https://127.0.0.1:{edge.port}/v1/models?a=b")


def test_a_balancer_names_the_client_by_the_proxy_protocol(balanced: Project, url: str, keys: dict[str, str]) -> None:
    host, port = url.removeprefix("http://").split(":")
    body = httpx.Request("POST", url, json=question()).read()
    head = (
        f"PROXY TCP4 {CLIENT} 192.0.2.1 40000 4000\r\nPOST {CHAT} HTTP/1.1\r\nHost: {host}\r\n"
        f"Authorization: Bearer {keys['balanced']}\r\nContent-Type: application/json\r\n"
        f"Content-Length: {len(body)}\r\nConnection: close\r\n\r\n"
    )
    with socket.create_connection((host, int(port)), timeout=60) as connection:
        connection.sendall(head.encode() + body)
        assert connection.makefile().readline().startswith("HTTP/1.1 200")
    assert logged_address(balanced, "balanced") == CLIENT
    with pytest.raises(httpx.TransportError):
        httpx.get(f"{url}/health/liveness", timeout=15)
