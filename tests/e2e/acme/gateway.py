"""A gateway whose certificate comes by ACME, and its clients."""

import hashlib
import ssl
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from http.client import HTTPResponse
from pathlib import Path
from socket import create_connection
from typing import Any

import httpx
from cryptography import x509
from docker.models.containers import Container

from testbed.completion import status
from testbed.configuration import development
from testbed.container import must_run, run
from testbed.gateway import running
from testbed.ports import free_ports
from testbed.project import Project
from testbed.wait import wait_until
from tests.e2e.acme.acme_server import GATEWAY, AcmeServer, acme_server

HOST = "llm.example.test"
VALIDITY_SECONDS = 3600
CA_FILE = "stacks/acme-ca.pem"
FOLDER = "/var/lib/haproxy"
RENEW = ("python3", "/opt/gateway/renew.py", "renew", "/etc/gateway/certbot.ini")


@dataclass(frozen=True)
class AcmeGateway:
    """The gateway and the ACME server beside it."""

    project: Project
    server: AcmeServer
    https_port: int
    unissued: dict[str, Any] = field(default_factory=dict)
    """What was seen after the first update, which ended while the ACME server did not answer."""

    @property
    def certbot(self) -> Container:
        """Certbot's container."""
        return self.project.container("acme")

    def renew(self) -> tuple[int, str]:
        """Have Certbot renew at once; return its exit code and its output."""
        return run(self.certbot, *RENEW)

    def must_renew(self) -> str:
        """Have Certbot renew at once, which has to succeed, and wait for it to be served; return its fingerprint."""
        exit_code, output = self.renew()
        assert exit_code == 0, output
        issued = self.issued
        wait_until(lambda: self.served == issued, 60)
        return issued

    @property
    def issued(self) -> str:
        """Fingerprint of the newest certificate on the volume."""
        text = must_run(self.certbot, "sh", "-c", 'cat "$CERTIFICATE/cert.pem"')
        return hashlib.sha256(ssl.PEM_cert_to_DER_cert(text)).hexdigest()

    def connect(self, name: str = HOST) -> ssl.SSLSocket:
        """Open a connection that asks for a host name, and trusts the ACME server's certificates alone."""
        trust = self.server.authority()
        return trust.wrap_socket(create_connection((GATEWAY, self.https_port), 10), server_hostname=name)

    @property
    def served(self) -> str | None:
        """Fingerprint of the certificate that a new connection gets; None: none."""
        try:
            with self.connect() as connection:
                return fingerprint(connection)
        except (OSError, ssl.SSLError):
            return None

    @contextmanager
    def client(self, key: str, **more: Any) -> Iterator[httpx.Client]:
        """Open a client over TLS."""
        headers = {"Authorization": f"Bearer {key}", "Host": HOST}
        url = f"https://{GATEWAY}:{self.https_port}"

        def name(request: httpx.Request) -> None:
            request.extensions["sni_hostname"] = HOST

        hooks = {"request": [name]}
        trust = self.server.authority()
        with httpx.Client(base_url=url, headers=headers, verify=trust, timeout=60, event_hooks=hooks, **more) as client:
            yield client


def fingerprint(connection: ssl.SSLSocket) -> str:
    """Return the SHA-256 of the certificate that a connection was opened with."""
    return hashlib.sha256(connection.getpeercert(binary_form=True) or b"").hexdigest()


def answer(connection: ssl.SSLSocket) -> int:
    """Ask for something small on a connection; return the answer's status."""
    connection.sendall(f"GET /health/liveliness HTTP/1.1\r\nHost: {HOST}\r\n\r\n".encode())
    answer = HTTPResponse(connection)
    answer.begin()
    answer.read()
    return answer.status


def certificate(connection: ssl.SSLSocket) -> x509.Certificate:
    """Return the certificate that a connection was opened with."""
    return x509.load_der_x509_certificate(connection.getpeercert(binary_form=True) or b"")


@contextmanager
def started(folder: Path) -> Iterator[AcmeGateway]:
    """Start a gateway like dev's while the ACME server does not answer."""
    config = development()
    (https_port,) = free_ports(1)
    files = folder / "acme-server"
    files.mkdir()
    with acme_server(files, config["gateway:edge"]["proxy_port"], VALIDITY_SECONDS) as server:
        config["gateway:edge"] |= {
            "https_port": https_port,
            "keepalive_timeout": 60,
            "allowed_hosts": [HOST, GATEWAY],
            "acme": {
                "domains": [HOST],
                "email": "operator@example.test",
                "terms_of_service_agreed": True,
                "directory_url": server.directory,
                "ca_certificates": CA_FILE,
            },
        }
        # On a busy machine.
        config["gateway:litellm"]["startup_timeout"] = 400
        project = Project(folder / "project", "acme", config)
        (project.folder / CA_FILE).write_text(server.pem.partition("-----BEGIN PRIVATE KEY")[0])
        with ExitStack() as stack:
            gateway = AcmeGateway(project, server, https_port)
            with server.away():
                stack.enter_context(running(project))
                gateway.unissued["served"] = gateway.served
                gateway.unissued["status"] = status(project.output("proxy_url"), project.output("master_key"))
            gateway.must_renew()
            wait_until(lambda: gateway.served == gateway.issued, 30)
            yield gateway
