"""The settings of the edge."""

import re
from collections.abc import Mapping
from enum import StrEnum
from ipaddress import AddressValueError, IPv4Address
from typing import ClassVar

from pydantic import Field, field_validator

from components.edge.acme.settings import AcmeSettings
from components.settings.base import SettingsModel

HOST_NAME = re.compile(r"(?=.{1,253}$)[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*")


class CgroupParent(StrEnum):
    """Where the cgroup of a container stands."""

    ROOT = "root"
    """At the root of the host's cgroups, beside Docker's own."""
    DOCKER = "docker"
    """Below Docker's own, with all other containers."""


class EdgeSettings(SettingsModel):
    """The edge and the ingress in front of it: where clients connect."""

    renamed: ClassVar[Mapping[str, str]] = {
        "hosts": "allowed_hosts",
        "memory": "memory_mib",
        "root_cgroup": "cgroup_parent: root, or cgroup_parent: docker for false",
    }

    address: str = "127.0.0.1"
    """Host address that the ports are published on, IPv4; 0.0.0.0 for all."""
    proxy_port: int = Field(4000, ge=1, le=65535)
    """Host port of the proxy."""
    health_port: int = Field(4001, ge=1, le=65535)
    """Host port of /health/liveliness and /health/readiness. The edge answers them from its own checks of the
    replicas."""
    https_port: int | None = Field(None, ge=1, le=65535)
    """Host port of the proxy over TLS 1.2 or newer, with the certificate `edge_certificate` or that of `acme`; null:
    none."""
    allowed_hosts: tuple[str, ...] = ()
    """Host names that requests may name, without port; others get 421. An empty list allows all."""
    max_body_mib: int = Field(64, ge=1, le=1024)
    """Largest body of a request; a larger one gets 413, one of unknown size 411."""
    max_header_bytes: int = Field(12288, ge=1024, le=15360)
    """Largest size of a request's headers; larger ones get 431. HAProxy's buffer holds no more than 15360."""
    replica_concurrency: int = Field(64, ge=1, le=10000)
    """Most requests in flight at one replica; more wait in the edge's queue
    (https://docs.haproxy.org/2.6/configuration.html, maxconn)."""
    queue_length: int = Field(256, ge=1, le=10000)
    """Most requests that wait for a replica; one more gets 429 with Retry-After."""
    queue_timeout: int = Field(30, ge=1, le=600)
    """How long a request waits in the queue before it gets 503 with Retry-After."""
    keepalive_timeout: int = Field(75, ge=1, le=3600)
    """How long a client's idle connection stays open. It should be longer than clients keep theirs: a client that sends
    just as the edge closes gets no answer (RFC 9112, 9.5). A replaced edge stays as long, because clients may still use
    the connections that they kept."""
    cgroup_parent: CgroupParent = CgroupParent.ROOT
    """Where the cgroups of the edge and the ingress stand. `root`: beside Docker's, so that busy replicas cannot delay
    them. `docker`: below Docker's, for a host that forbids anything else."""
    memory_mib: int = Field(256, ge=64)
    """Memory limit of the edge, and of the ingress."""
    acme: AcmeSettings = AcmeSettings()
    """The certificate of `https_port`, issued and renewed by itself."""

    @property
    def host_header(self) -> dict[str, str]:
        """The header that names an allowed host; empty when all hosts are allowed."""
        return {"Host": self.allowed_hosts[0]} if self.allowed_hosts else {}

    @field_validator("address")
    @classmethod
    def _address_is_one(cls, address: str) -> str:
        try:
            return str(IPv4Address(address))
        except AddressValueError as error:
            raise ValueError("should be an IPv4 address, such as 127.0.0.1") from error

    @field_validator("allowed_hosts")
    @classmethod
    def _hosts_are_names(cls, hosts: tuple[str, ...]) -> tuple[str, ...]:
        for host in hosts:
            if not HOST_NAME.fullmatch(host):
                raise ValueError(f"{host} should be a host name in lower case without port, such as llm.example.com")
        return hosts
