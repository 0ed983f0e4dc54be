"""TLS at the edge: versions, HTTP/1.1 and HTTP/2, and a change of certificate under load."""

import ssl
import threading
from concurrent.futures import ThreadPoolExecutor
from socket import create_connection

import httpx
import pytest
from cryptography import x509

from testbed.certificates import valid_now
from testbed.completion import CHAT, question, words
from testbed.mock_provider import MockProvider
from testbed.project import Project
from testbed.wait import wait_until
from tests.e2e.edge.secure_edge import CERTIFICATE, HOST, SecureEdge, secure_client

CLIENTS = 4
WORDS = 50


def handshake(edge: SecureEdge, newest: ssl.TLSVersion) -> ssl.SSLSocket:
    """Open a connection as a client whose newest TLS version this is."""
    context = edge.trust()
    context.set_ciphers("ALL:@SECLEVEL=0")
    context.minimum_version, context.maximum_version = ssl.TLSVersion.TLSv1, newest
    return context.wrap_socket(create_connection((HOST, edge.port)), server_hostname=HOST)


def shown(connection: ssl.SSLSocket) -> x509.Certificate:
    return x509.load_der_x509_certificate(connection.getpeercert(binary_form=True) or b"")


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_tls_1_1_is_refused(edge: SecureEdge) -> None:
    with pytest.raises(ssl.SSLError) as refusal:
        handshake(edge, ssl.TLSVersion.TLSv1_1)
    assert refusal.value.reason == "TLSV1_ALERT_PROTOCOL_VERSION"


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
@pytest.mark.parametrize("version", [ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3], ids=["TLS 1.2", "TLS 1.3"])
def test_tls_1_2_and_1_3_are_served_with_the_certificate(edge: SecureEdge, version: ssl.TLSVersion) -> None:
    with handshake(edge, version) as connection:
        assert connection.version() == version.name.replace("_", ".")
        assert shown(connection) == edge.certificate


def test_a_completion_over_tls_tells_browsers_to_stay_with_tls(
    client: httpx.Client, proxy: httpx.Client, request: pytest.FixtureRequest
) -> None:
    answer = client.post(CHAT, json=question())
    assert answer.status_code == 200, answer.text
    assert answer.http_version in request.node.name
    assert int(answer.headers["strict-transport-security"].removeprefix("max-age=")) > 365 * 86400
    assert "strict-transport-security" not in proxy.post(CHAT, json=question()).headers


def test_a_new_certificate_costs_no_request_and_breaks_no_stream(
    gateway: Project, edge: SecureEdge, key: str, mock: MockProvider
) -> None:
    mock.set(chunk_latency_ms=500, chunks=WORDS)
    other, old, ended = valid_now(HOST), gateway.container("edge").id, threading.Event()
    results: list[list[int | str]] = [[] for _ in range(CLIENTS)]

    def ask(answers: list[int | str]) -> None:
        with secure_client(edge, key, other) as client:
            while not ended.wait(0.2):
                try:
                    answers.append(client.post(CHAT, json=question()).status_code)
                except httpx.HTTPError as error:
                    answers.append(repr(error))

    with secure_client(edge, key) as client, ThreadPoolExecutor(CLIENTS + 1) as pool:
        try:
            asking = [pool.submit(ask, answers) for answers in results]
            wait_until(lambda: all(results), 60)
            stream = pool.submit(lambda: list(words(client)))
            gateway.set_secret(CERTIFICATE, other)
            update = gateway.up()
            so_far = [len(answers) for answers in results]
            wait_until(lambda: all(len(now) > before for now, before in zip(results, so_far, strict=True)), 60)
        finally:
            ended.set()
        for each in asking:
            each.result()
        assert len(stream.result()) == WORDS
    print(f"\nthe new certificate took {update.seconds:.1f} s, {sum(map(len, results))} requests meanwhile")
    try:
        assert {answer for answers in results for answer in answers} == {200}
        wait_until(lambda: old not in {container.id for container in gateway.containers("edge")}, 30)
        changed = SecureEdge(gateway, edge.port, other)
        with handshake(changed, ssl.TLSVersion.TLSv1_3) as connection:
            assert shown(connection) == changed.certificate
    finally:
        gateway.set_secret(CERTIFICATE, edge.pem)
        gateway.up()
