"""A certificate that HAProxy or its clients would refuse is refused at preview, with the reason."""

from datetime import UTC, datetime, timedelta

import pulumi
import pytest

from components.edge import certificate
from components.stack import settings
from testbed.certificates import make

NOW = datetime(2030, 1, 1, tzinfo=UTC)
GOOD = make(NOW - timedelta(days=1), NOW + timedelta(days=90))
KEY = GOOD[GOOD.index("-----BEGIN PRIVATE") :]


def test_a_good_certificate_passes_without_a_word() -> None:
    assert certificate.fault(GOOD, NOW) is None
    assert certificate.warning(GOOD, NOW) is None


@pytest.mark.parametrize(
    ("pem", "words"),
    [
        ("hello", "should hold a certificate in PEM"),
        (KEY, "should hold a certificate in PEM"),
        (GOOD.replace(KEY, ""), "private key in PEM"),
        (GOOD.replace(KEY, "") + make(NOW, NOW + timedelta(1)).partition("-----END CERTIFICATE-----")[2], "not the"),
        (make(NOW - timedelta(9), NOW - timedelta(2)), "expired at 2029-12-30 00:00 UTC"),
        (make(NOW + timedelta(1), NOW + timedelta(2)), "is not valid before 2030-01-02 00:00 UTC"),
    ],
    ids=["no PEM", "no certificate", "no key", "another key", "expired", "not yet valid"],
)
def test_what_is_wrong_is_said(pem: str, words: str) -> None:
    assert words in str(certificate.fault(pem, NOW))


def test_renewal_is_asked_for_three_weeks_before_the_end() -> None:
    assert certificate.warning(GOOD, NOW + timedelta(days=70)) == "edge_certificate: expires at 2030-04-01 00:00 UTC"


def test_a_port_without_a_certificate_and_a_certificate_without_a_port_are_refused() -> None:
    with pytest.raises(pulumi.RunError, match="edge_certificate: is missing"):
        settings.parse({"gateway:edge": '{"https_port": 4443}'}, "gateway")
    with pytest.raises(pulumi.RunError, match=r"edge\.https_port: is missing"):
        settings.parse({"gateway:edge_certificate": GOOD}, "gateway")


def test_a_refused_certificate_stays_unsaid() -> None:
    with pytest.raises(pulumi.RunError) as refusal:
        settings.parse({"gateway:edge": '{"https_port": 4443}', "gateway:edge_certificate": KEY}, "gateway")
    assert "edge_certificate: should hold a certificate" in str(refusal.value)
    assert KEY.splitlines()[1] not in str(refusal.value)
