"""The file with the authorities whose certificates clients need."""

from pathlib import Path

from components.edge.settings import EdgeSettings
from components.settings.certificates import read_certificates

PROJECT = Path(__file__).parents[2]


def client_ca(settings: EdgeSettings, project: Path = PROJECT) -> str | None:
    """Return the text of the setting's file; None where clients need no certificate.

    Raises:
        ValueError: when the file cannot be used.
    """
    if settings.client_ca is None:
        return None
    return read_certificates("edge.client_ca", settings.client_ca, project)
