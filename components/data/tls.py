"""TLS to a database, in libpq's words."""

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Self

from pydantic import Field, model_validator

from components.engine.workload import CONFIG_FOLDER
from components.settings.base import SettingsModel
from components.settings.certificates import read_certificates

PROJECT = Path(__file__).parents[2]


class TlsMode(StrEnum):
    """What a client demands of a server (https://www.postgresql.org/docs/15/libpq-ssl.html)."""

    DISABLE = "disable"
    """No TLS."""
    REQUIRE = "require"
    """TLS; whoever answers is believed."""
    VERIFY_FULL = "verify-full"
    """TLS, by a certificate of a known authority that has the server's name."""


class TlsSettings(SettingsModel):
    """How a connection is encrypted."""

    mode: TlsMode = TlsMode.VERIFY_FULL
    """`verify-full` checks the authority and the name, `require` neither, `disable` is no TLS
    (https://www.postgresql.org/docs/15/libpq-ssl.html)."""
    ca_file: str | None = Field(None, min_length=1)
    """File with the certificates of the server's authorities, PEM, relative to the project. `verify-full` needs it;
    /etc/ssl/certs/ca-certificates.crt holds the public ones."""

    @model_validator(mode="after")
    def _has_what_it_verifies_with(self) -> Self:
        if self.mode is TlsMode.VERIFY_FULL and self.ca_file is None:
            raise ValueError("ca_file is missing; mode verify-full needs the server's authorities")
        if self.mode is not TlsMode.VERIFY_FULL and self.ca_file is not None:
            raise ValueError(f"mode {self.mode} verifies nothing; remove ca_file, or set verify-full")
        return self


@dataclass(frozen=True)
class Tls:
    """How to connect, with the authorities' certificates."""

    mode: TlsMode
    ca_name: str
    """Name of the file with them in CONFIG_FOLDER."""
    ca: str | None
    """Its text; None: nothing is verified."""

    @classmethod
    def read(cls, settings: TlsSettings, setting: str, ca_name: str, project: Path = PROJECT) -> Self:
        """Return how to connect; `setting` is the path of the settings.

        Raises:
            ValueError: one sentence, if the file cannot be used.
        """
        file = settings.ca_file
        return cls(settings.mode, ca_name, read_certificates(f"{setting}.ca_file", file, project) if file else None)

    @property
    def ca_path(self) -> str | None:
        """Path of the authorities' file in a container."""
        return f"{CONFIG_FOLDER}/{self.ca_name}" if self.ca else None

    @property
    def files(self) -> dict[str, str]:
        """The authorities' file as a configuration file of a container."""
        return {self.ca_name: self.ca} if self.ca else {}
