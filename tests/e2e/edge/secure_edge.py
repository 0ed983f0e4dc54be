"""The shared gateway with a TLS port, for a while, and its clients."""

import base64
import hashlib
import json
import ssl
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import httpx
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from tests.certificates import make
from tests.e2e.project import Project, free_ports
from tests.hardening.replica import question

HOST = "localhost"
SETTING = "gateway:edge_certificate"
CHAT = "/v1/chat/completions"
SETTINGS = {"hosts": [HOST, "127.0.0.1"], "keepalive_timeout": 10}
"""A replaced edge stays as long as a client may keep its connection idle."""


@dataclass(frozen=True)
class SecureEdge:
    """Where the edge speaks TLS."""

    port: int
    pem: str
    """The certificate and its private key."""

    @property
    def url(self) -> str:
        """The proxy's address."""
        return f"https://{HOST}:{self.port}"

    @property
    def certificate(self) -> x509.Certificate:
        """The certificate alone."""
        return x509.load_pem_x509_certificate(self.pem.encode())

    @property
    def key_pin(self) -> str:
        """The public key's SHA-256 in base64, as browsers name a key."""
        key = self.certificate.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
        return base64.b64encode(hashlib.sha256(key).digest()).decode()

    def trust(self, *more: str) -> ssl.SSLContext:
        """Give a client's context that trusts this certificate, more of them, and no other."""
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        for pem in (self.pem, *more):
            certificate = x509.load_pem_x509_certificate(pem.encode())
            context.load_verify_locations(cadata=certificate.public_bytes(Encoding.DER))
        return context


def new_certificate() -> str:
    """Make a certificate of HOST that no other test has."""
    now = datetime.now(UTC)
    return make(now - timedelta(hours=1), now + timedelta(days=90), HOST)


@contextmanager
def secured(gateway: Project) -> Iterator[SecureEdge]:
    """Give the gateway a TLS port; as it was afterwards, whatever else was changed meanwhile."""
    before = gateway.config_file.read_text()
    (port,) = free_ports(1)
    edge = SecureEdge(port, new_certificate())
    try:
        for name, value in {"https_port": port, **SETTINGS}.items():
            gateway.change(f"gateway:edge.{name}", value)
        gateway.set_secret(SETTING, edge.pem)
        gateway.must("up", "--yes", "--skip-preview")
        yield edge
    finally:
        gateway.config_file.write_text(before)
        gateway.must("up", "--yes", "--skip-preview")


@contextmanager
def visitor(edge: SecureEdge, key: str, *more: str, http2: bool = False) -> Iterator[httpx.Client]:
    """A client over TLS that keeps its connection; it trusts more certificates than the first."""
    headers = {"Authorization": f"Bearer {key}"}
    trust = edge.trust(*more)
    with httpx.Client(base_url=edge.url, headers=headers, verify=trust, http2=http2, timeout=60) as client:
        yield client


def words(client: httpx.Client) -> Generator[str]:
    """Ask for a stream and give its words as they come."""
    with client.stream("POST", CHAT, json=question(stream=True)) as answer:
        assert answer.status_code == 200
        for line in answer.iter_lines():
            if line.startswith("data: {"):
                choices = json.loads(line.removeprefix("data: "))["choices"]
                yield from (choice["delta"]["content"] for choice in choices if choice["delta"].get("content"))
            if line == "data: [DONE]":
                return
    raise AssertionError("the stream broke off")
