"""The file with the authorities whose certificates clients need."""

from pathlib import Path

from cryptography import x509

from components.edge.settings import EdgeSettings

PROJECT = Path(__file__).parents[2]


def client_ca(settings: EdgeSettings, project: Path = PROJECT) -> str | None:
    """Return the text of the setting's file; None where clients need no certificate.

    Raises:
        ValueError: when the file cannot be used.
    """
    if settings.client_ca is None:
        return None
    try:
        text = (project / settings.client_ca).read_text()
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is no text in UTF-8"
        raise ValueError(f"edge.client_ca: {settings.client_ca} cannot be read: {reason}") from error
    if "PRIVATE KEY" in text:
        raise ValueError(f"edge.client_ca: {settings.client_ca} holds a private key; only certificates")
    try:
        x509.load_pem_x509_certificates(text.encode())
    except ValueError as error:
        raise ValueError(f"edge.client_ca: {settings.client_ca} should hold certificates in PEM") from error
    return text
