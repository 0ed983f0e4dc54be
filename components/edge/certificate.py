"""A TLS certificate as PEM text: what makes it usable, found before it is deployed."""

from datetime import UTC, datetime, timedelta

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_pem_private_key

SOON = timedelta(days=21)
"""Renewal is due."""


def fault(pem: str, now: datetime | None = None) -> str | None:
    """Say why HAProxy, or its clients, would refuse this text; None when they would not."""
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
    """Say that a good certificate ends soon; None when it does not."""
    end = x509.load_pem_x509_certificates(pem.encode())[0].not_valid_after_utc
    if end - (now or datetime.now(UTC)) > SOON:
        return None
    return f"edge_certificate: expires at {end:%Y-%m-%d %H:%M} UTC"
