"""A gateway whose edge speaks TLS, and its clients."""

import base64
import hashlib
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from testbed.certificates import valid_now
from testbed.configuration import development
from testbed.gateway import running
from testbed.ports import free_ports
from testbed.project import Project

HOST = "localhost"
CERTIFICATE = "gateway:edge_certificate"
SETTINGS = {"allowed_hosts": [HOST, "127.0.0.1"], "keepalive_timeout": 10}
"""An edge that is replaced stays for as long as a client may keep its connection idle."""


@dataclass(frozen=True)
class SecureEdge:
    """Where the edge speaks TLS."""

    gateway: Project
    port: int
    pem: str
    """The certificate and its private key."""

    @property
    def url(self) -> str:
        """The proxy's address over TLS."""
        return f"https://{HOST}:{self.port}"

    @property
    def certificate(self) -> x509.Certificate:
        """The certificate alone."""
        return x509.load_pem_x509_certificate(self.pem.encode())

    @property
    def key_pin(self) -> str:
        """The SHA-256 of the public key in base64, as browsers name a key."""
        key = self.certificate.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
        return base64.b64encode(hashlib.sha256(key).digest()).decode()

    def trust(self, *more: str) -> ssl.SSLContext:
        """Return a client's context that trusts this certificate, more of them (PEM), and no other."""
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        for pem in (self.pem, *more):
            certificate = x509.load_pem_x509_certificate(pem.encode())
            context.load_verify_locations(cadata=certificate.public_bytes(Encoding.DER))
        return context


@contextmanager
def started(folder: Path, stack: str = "edge", **more: Any) -> Iterator[SecureEdge]:
    """Start a gateway like dev's whose edge speaks TLS too, with more settings of the edge."""
    config = development()
    (port,) = free_ports(1)
    config["gateway:edge"] |= {"https_port": port, **SETTINGS, **more}
    gateway = Project(folder, stack, config)
    edge = SecureEdge(gateway, port, valid_now(HOST))
    gateway.set_secret(CERTIFICATE, edge.pem)
    with running(gateway):
        yield edge


@contextmanager
def secure_client(edge: SecureEdge, key: str, *more: str, http2: bool = False) -> Iterator[httpx.Client]:
    """Open a client over TLS that keeps its connection. It may trust more certificates than the edge's first."""
    headers = {"Authorization": f"Bearer {key}"}
    trust = edge.trust(*more)
    with httpx.Client(base_url=edge.url, headers=headers, verify=trust, http2=http2, timeout=60) as client:
        yield client
