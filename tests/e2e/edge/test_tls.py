"""TLS at the edge: versions, certificate, both HTTPs, and another certificate while clients go on."""

import ssl
import threading
from concurrent.futures import ThreadPoolExecutor
from socket import create_connection

import httpx
import pytest
from cryptography import x509

from tests.e2e.edge.secure_edge import CHAT, HOST, SETTING, SecureEdge, new_certificate, visitor, words
from tests.e2e.project import Project
from tests.hardening.replica import Mock, question, wait_for

VISITORS = 4
WORDS = 50


def handshake(edge: SecureEdge, newest: ssl.TLSVersion) -> ssl.SSLSocket:
    """Open a connection as a client that knows no newer TLS."""
    context = edge.trust()
    context.set_ciphers("ALL:@SECLEVEL=0")
    context.minimum_version, context.maximum_version = ssl.TLSVersion.TLSv1, newest
    return context.wrap_socket(create_connection((HOST, edge.port)), server_hostname=HOST)


def shown(connection: ssl.SSLSocket) -> x509.Certificate:
    return x509.load_der_x509_certificate(connection.getpeercert(binary_form=True) or b"")


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_tls_1_1_is_refused_by_the_edge(edge: SecureEdge) -> None:
    with pytest.raises(ssl.SSLError) as refusal:
        handshake(edge, ssl.TLSVersion.TLSv1_1)
    assert refusal.value.reason == "TLSV1_ALERT_PROTOCOL_VERSION"


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
@pytest.mark.parametrize("version", [ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3], ids=["TLS 1.2", "TLS 1.3"])
def test_newer_tls_is_served_with_the_stack_s_certificate(edge: SecureEdge, version: ssl.TLSVersion) -> None:
    with handshake(edge, version) as connection:
        assert connection.version() == version.name.replace("_", ".")
        assert shown(connection) == edge.certificate


def test_a_completion_is_answered_over_tls_and_browsers_are_told_to_stay_there(
    client: httpx.Client, proxy: httpx.Client, request: pytest.FixtureRequest
) -> None:
    answer = client.post(CHAT, json=question())
    assert answer.status_code == 200, answer.text
    assert answer.http_version in request.node.name
    assert int(answer.headers["strict-transport-security"].removeprefix("max-age=")) > 365 * 86400
    assert "strict-transport-security" not in proxy.post(CHAT, json=question()).headers


def test_another_certificate_replaces_the_first_while_clients_and_a_stream_go_on(
    gateway: Project, edge: SecureEdge, key: str, mock: Mock
) -> None:
    mock.set(chunk_latency_ms=500, chunks=WORDS)
    other, old, ended = new_certificate(), gateway.container("edge").id, threading.Event()
    visits: list[list[int | str]] = [[] for _ in range(VISITORS)]

    def visit(results: list[int | str]) -> None:
        with visitor(edge, key, other) as client:
            while not ended.wait(0.2):
                try:
                    results.append(client.post(CHAT, json=question()).status_code)
                except httpx.HTTPError as error:
                    results.append(repr(error))

    with visitor(edge, key) as client, ThreadPoolExecutor(VISITORS + 1) as pool:
        try:
            running = [pool.submit(visit, results) for results in visits]
            wait_for(lambda: all(visits), 60)
            stream = pool.submit(lambda: list(words(client)))
            gateway.set_secret(SETTING, other)
            result = gateway.must("up", "--yes", "--skip-preview")
            so_far = [len(results) for results in visits]
            wait_for(lambda: all(len(now) > before for now, before in zip(visits, so_far, strict=True)), 60)
        finally:
            ended.set()
        for each in running:
            each.result()
        assert len(stream.result()) == WORDS
    print(f"\nanother certificate: {result.seconds:.1f} s, {sum(map(len, visits))} requests meanwhile")
    assert {outcome for results in visits for outcome in results} == {200}
    wait_for(lambda: old not in {container.id for container in gateway.containers("edge")}, 30)
    replaced = SecureEdge(edge.port, other)
    with handshake(replaced, ssl.TLSVersion.TLSv1_3) as connection:
        assert shown(connection) == replaced.certificate
    # In force with the next update: who comes next trusts the first one.
    gateway.set_secret(SETTING, edge.pem)
