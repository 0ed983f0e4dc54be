"""The checks of a TLS certificate, as PEM text, before it is deployed."""

from datetime import UTC, datetime, timedelta

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_pem_private_key

RENEWAL_DUE = timedelta(days=21)
"""A certificate that expires sooner is a warning."""


def fault(pem: str, now: datetime | None = None) -> str | None:
    """Return why HAProxy or its clients would refuse this text; None when they would not."""
    now = now or datetime.now(UTC)
    try:
        leaf = x509.load_pem_x509_certificates(pem.encode())[0]
    except ValueError:
        return "should hold a certificate in PEM, the server's own first, then its chain"
    try:
        key = load_pem_private_key(pem.encode(), password=None)
    except (ValueError, TypeError):
        return "should hold the certificate's private key in PEM, unencrypted, beside the certificates"
    form = Encoding.DER, PublicFormat.SubjectPublicKeyInfo
    if key.public_key().public_bytes(*form) != leaf.public_key().public_bytes(*form):
        return "holds a private key that is not the first certificate's"
    if now > leaf.not_valid_after_utc:
        return f"expired at {leaf.not_valid_after_utc:%Y-%m-%d %H:%M} UTC"
    if now < leaf.not_valid_before_utc:
        return f"is not valid before {leaf.not_valid_before_utc:%Y-%m-%d %H:%M} UTC"
    return None


def warning(pem: str, now: datetime | None = None) -> str | None:
    """Return a warning when a good certificate expires soon; None when it does not."""
    end = x509.load_pem_x509_certificates(pem.encode())[0].not_valid_after_utc
    if end - (now or datetime.now(UTC)) > RENEWAL_DUE:
        return None
    return f"edge_certificate: expires at {end:%Y-%m-%d %H:%M} UTC"
