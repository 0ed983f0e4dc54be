"""The settings of ACME."""

import re
from typing import Self

from pydantic import Field, field_validator, model_validator

from components.settings.base import SettingsModel

LETS_ENCRYPT = "https://acme-v02.api.letsencrypt.org/directory"
LETS_ENCRYPT_STAGING = "https://acme-staging-v02.api.letsencrypt.org/directory"
DOMAIN = re.compile(r"(?=.{4,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]([a-z0-9-]{0,61}[a-z0-9])?")
EMAIL = r"^[\w.+-]+@[\w-]+(\.[\w-]+)+$"


class AcmeSettings(SettingsModel):
    """A certificate that is issued and renewed by itself, from Let's Encrypt or another ACME server."""

    domains: tuple[str, ...] = Field((), max_length=100)
    """Host names of the certificate; none: no ACME. The server asks for a file at port 80 of each (HTTP-01): set
    `redirect_port` to 80. HTTP-01 allows no wildcard."""
    email: str | None = Field(None, pattern=EMAIL)
    """Address of the account, where the server writes to; null: none."""
    terms_of_service_agreed: bool = False
    """Whether you agree to the server's terms of service (https://letsencrypt.org/repository/). It has to be true."""
    staging: bool = False
    """Whether Let's Encrypt's staging server issues: its limits are wide, and no client trusts its certificates. For a
    first trial."""
    directory_url: str | None = Field(None, pattern=r"^https://[^\s@#?]+$")
    """Directory of another ACME server, such as https://ca.example.com/acme/directory; null: Let's Encrypt's."""
    ca_certificates: str | None = Field(None, min_length=1)
    """File with the certificates of the authority that `directory_url` itself is served with, PEM, relative to the
    project; null: the public ones."""
    outgoing_proxy: str | None = Field(None, pattern=r"^https?://[^\s@]+$")
    """HTTP proxy for the calls to the server, such as http://proxy.example.com:3128; null: none."""
    memory_mib: int = Field(128, ge=64)
    """Memory limit of Certbot's container."""

    @property
    def enabled(self) -> bool:
        """Whether the stack gets its certificate by ACME."""
        return bool(self.domains)

    @property
    def directory(self) -> str:
        """The directory that is used."""
        return self.directory_url or (LETS_ENCRYPT_STAGING if self.staging else LETS_ENCRYPT)

    @field_validator("domains")
    @classmethod
    def _domains_are_host_names(cls, domains: tuple[str, ...]) -> tuple[str, ...]:
        for domain in domains:
            if domain.startswith("*."):
                raise ValueError(f"{domain} is a wildcard, which HTTP-01 does not allow; list the host names")
            if not DOMAIN.fullmatch(domain):
                raise ValueError(f"{domain} should be a public host name in lower case, such as llm.example.com")
        if len(set(domains)) < len(domains):
            raise ValueError("names a host twice")
        return domains

    @model_validator(mode="after")
    def _settings_fit(self) -> Self:
        if not self.enabled:
            if given := sorted(self.model_fields_set - {"domains", "memory_mib"}):
                raise ValueError(f"domains: is missing; without it {given[0]} has no effect")
            return self
        if not self.terms_of_service_agreed:
            raise ValueError(
                "terms_of_service_agreed: should be true; the server issues to those alone who agree to its terms"
            )
        if self.staging and self.directory_url:
            raise ValueError("staging: is Let's Encrypt's; remove it, or directory_url")
        if self.ca_certificates and not self.directory_url:
            raise ValueError("ca_certificates: needs directory_url; Let's Encrypt is trusted without")
        return self
