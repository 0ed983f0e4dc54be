"""The certificate: issued, renewed, kept, and served on while no other can be had."""

import ssl
import subprocess
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest
from cryptography import x509

from testbed.completion import CHAT, question, words
from testbed.container import must_run
from testbed.mock_provider import MockProvider
from testbed.project import Project
from testbed.wait import wait_until
from tests.e2e.acme.acme_server import NOWHERE
from tests.e2e.acme.gateway import ALERT_SECONDS, FOLDER, HOST, AcmeGateway, certificate, fingerprint
from tests.e2e.monitoring.prometheus import Prometheus

WORDS = 50
EXPIRING = {"CertificateExpiring"}
CALLERS = (0, 0, 1, 1)
"""Connections that each caller keeps: some open a new one for each request."""


@contextmanager
def callers(acme: AcmeGateway, key: str) -> Iterator[list[list[int | str]]]:
    """Ask without a break meanwhile; yields each caller's answers."""
    ended = threading.Event()
    results: list[list[int | str]] = [[] for _ in CALLERS]

    def ask(kept: int, answers: list[int | str]) -> None:
        with acme.client(key, limits=httpx.Limits(max_keepalive_connections=kept)) as client:
            while not ended.wait(0.1):
                try:
                    answers.append(client.post(CHAT, json=question()).status_code)
                except httpx.HTTPError as error:
                    answers.append(repr(error))

    with ThreadPoolExecutor(len(CALLERS)) as pool:
        asking = [pool.submit(ask, kept, answers) for kept, answers in zip(CALLERS, results, strict=True)]
        try:
            wait_until(lambda: all(results), 60)
            yield results
            so_far = [len(answers) for answers in results]
            wait_until(lambda: all(len(now) > before for now, before in zip(results, so_far, strict=True)), 60)
        finally:
            ended.set()
        for each in asking:
            each.result()


def test_first_update_ends_well_without_the_acme_server(acme: AcmeGateway) -> None:
    assert acme.unissued == {"served": None, "status": 200}


def test_certificate_is_the_acme_server_s_for_the_domain(acme: AcmeGateway) -> None:
    with acme.connect() as connection:
        names = certificate(connection).extensions.get_extension_for_class(x509.SubjectAlternativeName).value
        assert names.get_values_for_type(x509.DNSName) == [HOST]


def test_client_that_asks_for_another_name_gets_no_certificate(acme: AcmeGateway) -> None:
    with pytest.raises(ssl.SSLError, match="UNRECOGNIZED_NAME"):
        acme.connect("other.example.test")


def test_renewal_costs_no_request_and_breaks_no_connection(acme: AcmeGateway, key: str, mock: MockProvider) -> None:
    mock.set(chunk_latency_ms=200, chunks=WORDS)
    old = acme.served
    with (
        acme.client(key) as client,
        ThreadPoolExecutor(1) as pool,
        acme.connect() as kept,
        callers(acme, key) as results,
    ):
        stream = pool.submit(lambda: list(words(client)))
        renewed = acme.must_renew()
        wait_until(lambda: acme.served == renewed, 30)
        kept.sendall(f"GET /health/liveliness HTTP/1.1\r\nHost: {HOST}\r\n\r\n".encode())
        assert kept.recv(4096).startswith(b"HTTP/1.1 200 ")
        assert fingerprint(kept) == old
        assert len(stream.result()) == WORDS
    print(f"\n{sum(map(len, results))} requests over the renewal")
    assert renewed != old
    assert {answer for answers in results for answer in answers} == {200}


def test_certificate_serves_on_and_an_alert_fires_while_the_server_is_away(
    acme: AcmeGateway, key: str, prometheus: Prometheus
) -> None:
    with acme.server.away():
        old = acme.served
        exit_code, output = acme.renew()
        assert exit_code, output
        with callers(acme, key) as results:
            prometheus.wait_for_alerts(fire=EXPIRING, seconds=2 * ALERT_SECONDS)
        assert {answer for answers in results for answer in answers} == {200}
        assert acme.served == old
    acme.must_renew()
    prometheus.wait_for_alerts(rest=EXPIRING | {"TLSFailing"})


def test_certificate_serves_on_when_the_challenge_is_refused(acme: AcmeGateway) -> None:
    old = acme.served
    with acme.server.hosts_at(NOWHERE):
        exit_code, output = acme.renew()
    assert exit_code, output
    assert HOST in output
    assert acme.served == old


def test_metric_is_the_expiry_of_the_served_certificate(acme: AcmeGateway, prometheus: Prometheus) -> None:
    with acme.connect() as connection:
        expiry = certificate(connection).not_valid_after_utc.timestamp()
    wait_until(lambda: prometheus.total("probe_ssl_earliest_cert_expiry") == expiry, 30)


def test_renewal_is_no_change_of_the_stack(acme: AcmeGateway, gateway: Project) -> None:
    acme.must_renew()
    gateway.expect_no_changes()


def test_certificate_is_kept_when_the_containers_are_replaced(acme: AcmeGateway, gateway: Project, key: str) -> None:
    old, before = acme.served, {name: gateway.container(name).id for name in ("edge", "acme")}
    changes = {"gateway:edge.queue_length": 99, "gateway:edge.acme.memory_mib": 160}
    with callers(acme, key) as results, acme.server.away(), gateway.changed(changes):
        wait_until(lambda: len(gateway.containers("edge")) == 1, 30)
        assert before["edge"] != gateway.container("edge").id
        assert before["acme"] != gateway.container("acme").id
        assert acme.served == old
    assert {answer for answers in results for answer in answers} == {200}


def test_new_edge_gets_the_next_certificate(acme: AcmeGateway, gateway: Project) -> None:
    gateway.container("edge").restart()
    wait_until(lambda: acme.served == acme.issued, 60)
    renewed = acme.must_renew()
    wait_until(lambda: acme.served == renewed, 30)


def test_certificate_and_account_can_be_brought_to_another_host(acme: AcmeGateway, tmp_path: Path) -> None:
    wait_until(lambda: acme.served == acme.issued, 30)
    old, archive = acme.issued, tmp_path / "certificates.tar"
    docker = ("docker", "exec", "-i", acme.certbot.name or "")
    with archive.open("wb") as file:
        subprocess.run([*docker, "tar", "-C", FOLDER, "-cf", "-", "certbot"], stdout=file, check=True)
    acme.must_renew()
    wait_until(lambda: acme.served == acme.issued != old, 30)
    must_run(acme.certbot, "rm", "-r", f"{FOLDER}/certbot")
    with archive.open("rb") as file:
        subprocess.run([*docker, "tar", "-C", FOLDER, "-xf", "-"], stdin=file, check=True)
    wait_until(lambda: acme.served == old, 30)
    assert acme.must_renew() != old


def test_former_certificate_can_be_revoked(acme: AcmeGateway) -> None:
    acme.must_renew()
    former = must_run(acme.certbot, "sh", "-c", 'ls -t "${CERTIFICATE%/live/*}"/archive/gateway/cert*.pem').split()[1]
    command = (
        "certbot revoke --config /etc/gateway/certbot.ini --reason keycompromise --no-delete-after-revoke --cert-path"
    )
    assert "successfully revoked" in must_run(acme.certbot, *command.split(), former)
    wait_until(lambda: acme.served == acme.issued, 30)


def test_keys_are_nowhere_but_in_the_volume(acme: AcmeGateway, gateway: Project) -> None:
    files = must_run(
        acme.certbot, "sh", "-c", "cat \"$CERTIFICATE/privkey.pem\"; find /var/lib/haproxy -name '*key*json'"
    )
    secret, account = files.splitlines()[1], files.splitlines()[-1]
    numbers = must_run(acme.certbot, "cat", account)
    parts = [secret, *(part for part in numbers.split('"') if len(part) > 30)]
    assert len(parts) > 1
    state = gateway.must("stack", "export", "--show-secrets").output
    for container in gateway.containers():
        state += container.logs().decode(errors="replace") + str(container.attrs)
    assert [part for part in parts if part in state] == []


def test_only_the_edge_s_user_reaches_keys_and_socket(acme: AcmeGateway) -> None:
    listed = must_run(
        acme.certbot, "sh", "-c", f"stat -c '%u %a %F' {FOLDER}/certificate.pem {FOLDER}/*.sock {FOLDER}/certbot"
    )
    assert set(listed.splitlines()) == {"99 600 regular file", "99 600 socket", "99 700 directory"}
