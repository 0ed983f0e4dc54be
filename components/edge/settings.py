"""The settings of the edge."""

import re
from ipaddress import AddressValueError, IPv4Address

from pydantic import Field, field_validator

from components.settings.base import Section

HOST_NAME = re.compile(r"(?=.{1,253}$)[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*")


class EdgeSettings(Section):
    """The way in: the only containers with host ports."""

    address: str = "127.0.0.1"
    """Host address that the ports are published on, IPv4; 0.0.0.0 for all."""
    proxy_port: int = Field(4000, ge=1, le=65535)
    """Host port of the proxy."""
    health_port: int = Field(4001, ge=1, le=65535)
    """Host port of /health/liveliness and /health/readiness, answered from the edge's own checks of the
    replicas."""
    https_port: int | None = Field(None, ge=1, le=65535)
    """Host port of the proxy over TLS 1.2 and newer, with the certificate `edge_certificate`; null: none."""
    hosts: tuple[str, ...] = ()
    """Host names that requests may ask for, without port; others get 421. None: all."""
    max_body_mib: int = Field(64, ge=1, le=1024)
    """Size of a request's body, MiB; a larger one gets 413, one that does not say its size 411."""
    max_header_bytes: int = Field(12288, ge=1024, le=15360)
    """Size of a request's headers, bytes; larger ones get 431. HAProxy's buffer holds no more than 15360."""
    replica_concurrency: int = Field(64, ge=1, le=10000)
    """Requests a replica works on at once; more wait in the edge's queue
    (https://docs.haproxy.org/2.6/configuration.html, maxconn)."""
    queue_length: int = Field(256, ge=1, le=10000)
    """Requests that may wait for a replica; one more gets 429 with Retry-After."""
    queue_timeout: int = Field(30, ge=1, le=600)
    """Seconds a request waits in the queue before it is refused with 503 and Retry-After."""
    keepalive_timeout: int = Field(75, ge=1, le=3600)
    """Seconds an idle connection of a client stays open. A replaced edge stays for as long, since a client may send
    its next request on a connection that it kept. Longer than clients keep theirs: one that sends just as the edge
    closes gets no answer (RFC 9112, 9.5)."""
    root_cgroup: bool = True
    """Whether its containers' cgroups stand at the root of the host's. Processors are shared out level by level: below
    Docker's own cgroup the edge waits whenever replicas have used up what all containers may have. false: below it, for
    a host that allows nothing else."""
    memory: int = Field(256, ge=64)
    """Memory limit of each container, MiB."""

    @property
    def host_header(self) -> dict[str, str]:
        """The header by which a request names a host that is served; none where all are."""
        return {"Host": self.hosts[0]} if self.hosts else {}

    @field_validator("address")
    @classmethod
    def _address_is_one(cls, address: str) -> str:
        try:
            return str(IPv4Address(address))
        except AddressValueError as error:
            raise ValueError("should be an IPv4 address, such as 127.0.0.1") from error

    @field_validator("hosts")
    @classmethod
    def _hosts_are_names(cls, hosts: tuple[str, ...]) -> tuple[str, ...]:
        for host in hosts:
            if not HOST_NAME.fullmatch(host):
                raise ValueError(f"{host} should be a host name in lower case without port, such as llm.example.com")
        return hosts
