"""The renewal: under load, with the server away, with the challenge refused; and what is seen of it."""

from concurrent.futures import ThreadPoolExecutor

from testbed.completion import words
from testbed.mock_provider import MockProvider
from testbed.project import Project
from testbed.wait import wait_until
from tests.e2e.acme.acme_server import NOWHERE
from tests.e2e.acme.callers import callers
from tests.e2e.acme.gateway import HOST, AcmeGateway, answer, certificate, fingerprint
from tests.e2e.monitoring.prometheus import Prometheus

WORDS = 50
EXPIRING = {"CertificateExpiring"}
ALERTS = EXPIRING | {"TLSFailing"}


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
        assert answer(kept) == 200
        renewed = acme.must_renew()
        assert answer(kept) == 200
        assert fingerprint(kept) == old
        assert len(stream.result()) == WORDS
    print(f"\n{sum(map(len, results))} requests over the renewal")
    assert renewed != old
    assert {answer for answers in results for answer in answers} == {200}


def test_certificate_serves_on_and_an_alert_fires_while_the_server_is_away(
    acme: AcmeGateway, key: str, prometheus: Prometheus
) -> None:
    acme.must_renew()
    prometheus.wait_for_alerts(rest=ALERTS)
    with acme.server.away():
        old = acme.served
        exit_code, output = acme.renew()
        assert exit_code, output
        with callers(acme, key) as results:
            prometheus.wait_for_alerts(fire=EXPIRING, seconds=150)
        assert {answer for answers in results for answer in answers} == {200}
        assert acme.served == old
    acme.must_renew()
    prometheus.wait_for_alerts(rest=ALERTS)


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
