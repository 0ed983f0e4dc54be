"""The checks of a TLS certificate before it is deployed."""

from datetime import UTC, datetime, timedelta

import pulumi
import pytest

from components.edge import certificate
from components.stack.read import parse
from testbed.certificates import make

NOW = datetime(2030, 1, 1, tzinfo=UTC)
GOOD = make(NOW - timedelta(days=1), NOW + timedelta(days=90))
KEY = GOOD[GOOD.index("-----BEGIN PRIVATE") :]


def test_good_certificate_is_accepted() -> None:
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
def test_wrong_certificate_is_refused_with_the_reason(pem: str, words: str) -> None:
    assert words in str(certificate.fault(pem, NOW))


def test_certificate_warns_three_weeks_before_its_end() -> None:
    assert certificate.warning(GOOD, NOW + timedelta(days=70)) == "edge_certificate: expires at 2030-04-01 00:00 UTC"


def test_port_and_certificate_need_each_other() -> None:
    with pytest.raises(pulumi.RunError, match="edge_certificate: is missing"):
        parse({"gateway:edge": '{"https_port": 4443}'}, "gateway")
    with pytest.raises(pulumi.RunError, match=r"edge\.https_port: is missing"):
        parse({"gateway:edge_certificate": GOOD}, "gateway")


def test_refusal_does_not_repeat_the_key() -> None:
    with pytest.raises(pulumi.RunError) as refusal:
        parse({"gateway:edge": '{"https_port": 4443}', "gateway:edge_certificate": KEY}, "gateway")
    assert "edge_certificate: should hold a certificate" in str(refusal.value)
    assert KEY.splitlines()[1] not in str(refusal.value)
