"""The settings of the edge."""

import re
from collections.abc import Mapping
from enum import StrEnum
from ipaddress import ip_address, ip_network
from itertools import combinations
from typing import Annotated, ClassVar, Literal, Self

from pydantic import Field, field_validator, model_validator

from components.edge.acme.settings import AcmeSettings
from components.settings.base import SettingsModel

ANY = {4: "0.0.0.0", 6: "::"}  # noqa: S104 - compared with, never listened on
"""Version of IP → the address that stands for all of the host's."""
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
    """Host address that the ports are published on: 0.0.0.0 for all of IPv4, `::` for all of IPv6. Docker leads them
    past the host's firewall rules for incoming connections, ufw's too (docs/troubleshooting.md)."""
    more_addresses: tuple[str, ...] = ()
    """More host addresses that they are published on, such as `::1` for clients that ask IPv6 first."""
    proxy_port: int = Field(4000, ge=1, le=65535)
    """Host port of the proxy without TLS."""
    plain_address: str | None = None
    """Host address of `proxy_port` alone, such as 127.0.0.1 where clients come by TLS; null: `address`."""
    redirect_port: int | None = Field(None, ge=1, le=65535)
    """Host port that answers plain HTTP with a redirect to `https_port`, such as 80; null: none."""
    health_port: int = Field(4001, ge=1, le=65535)
    """Host port of /health/liveliness, /health/liveness and /health/readiness. The edge answers them from its own
    checks of the replicas."""
    https_port: int | None = Field(None, ge=1, le=65535)
    """Host port of the proxy over TLS 1.2 or newer, with the certificate `edge_certificate` or that of `acme`; null:
    none."""
    allowed_hosts: tuple[str, ...] = ()
    """Host names that requests may name, without port; others get 421. An empty list allows all."""
    client_ca: str | None = Field(None, min_length=1)
    """File with certificates of authorities, PEM, relative to the project: over TLS, clients need a certificate of one
    of them; null: they need none."""
    trusted_proxies: tuple[str, ...] = ()
    """Addresses or networks of own reverse proxies, such as 10.0.0.0/8: what they say of their clients in
    X-Forwarded-For and X-Forwarded-Proto is taken over, and from nobody else."""
    proxy_protocol_from: tuple[str, ...] = ()
    """Addresses or networks of balancers that begin each connection with the PROXY protocol; from them nothing else is
    taken (https://www.haproxy.org/download/2.6/doc/proxy-protocol.txt)."""
    admin_addresses: tuple[str, ...] = ()
    """Addresses or networks of clients that may use the Admin UI and the management routes; others get 403. An empty
    list allows all."""
    max_body_mib: int = Field(64, ge=1, le=1024)
    """Largest body of a request; a larger one gets 413."""
    max_header_bytes: int = Field(12288, ge=1024, le=15360)
    """Largest size of a request's headers; larger ones get 431. HAProxy's buffer holds no more than 15360."""
    replica_concurrency: Literal["auto"] | Annotated[int, Field(ge=1, le=10000)] = "auto"
    """Maximum number of requests in flight at one replica; more wait in the edge's queue. `auto`: as many as
    `litellm.memory_mib` holds. While the replica's processors are busy it gets fewer (https://docs.haproxy.org/2.6/configuration.html,
    maxconn)."""
    fair_share_percent: int = Field(20, ge=1, le=100)
    """Share of the common places that one key, or one model, may hold. Its requests beyond that have places of their
    own, a third of `replica_concurrency`, so that others never wait for them. 100: no share is kept."""
    queue_length: int = Field(256, ge=1, le=10000)
    """Maximum number of requests that wait for a replica; one more gets 429 with Retry-After. Those beyond a fair share
    wait apart."""
    queue_timeout: int = Field(30, ge=1, le=600)
    """How long a request waits in the queue before it gets 503 with Retry-After."""
    keepalive_timeout: int = Field(75, ge=1, le=3600)
    """How long a client's idle connection stays open. It should be longer than clients keep theirs: a client that sends
    just as the edge closes gets no answer (RFC 9112, 9.5). A replaced edge stays as long, because clients may still use
    the connections that they kept."""
    stream_timeout: int = Field(14400, ge=1, le=86400)
    """How long a WebSocket or an event stream that was asked for by GET may be silent."""
    max_connections: int = Field(12000, ge=100, le=100000)
    """Maximum number of connections of clients, idle ones included; more wait until one ends."""
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

    @property
    def addresses(self) -> tuple[str, ...]:
        """The host addresses that the ports are published on."""
        return self.address, *self.more_addresses

    @property
    def plain_addresses(self) -> tuple[str, ...]:
        """Those of the port without TLS."""
        return self.addresses if self.plain_address is None else (self.plain_address,)

    @field_validator("address", "plain_address")
    @classmethod
    def _address_is_one(cls, given: str | None) -> str | None:
        return None if given is None else _address(given)

    @field_validator("more_addresses")
    @classmethod
    def _more_addresses_are_some(cls, given: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(map(_address, given))

    @field_validator("trusted_proxies", "proxy_protocol_from", "admin_addresses")
    @classmethod
    def _networks_are_some(cls, given: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(map(_network, given))

    @field_validator("trusted_proxies", "proxy_protocol_from")
    @classmethod
    def _not_everybody_is_believed(cls, given: tuple[str, ...]) -> tuple[str, ...]:
        for network in given:
            if ip_network(network).prefixlen == 0:
                raise ValueError(f"{network} is everybody, who could then name any address as theirs")
        return given

    @model_validator(mode="after")
    def _addresses_are_apart(self) -> Self:
        for one, other in combinations(self.addresses, 2):
            if one == other or one == ANY[ip_address(other).version] or other == ANY[ip_address(one).version]:
                raise ValueError(f"more_addresses: {other} is published by {one} already; remove it")
        return self

    @model_validator(mode="after")
    def _tls_settings_have_tls(self) -> Self:
        for name in ("plain_address", "redirect_port", "client_ca"):
            if getattr(self, name) is not None and self.https_port is None:
                raise ValueError(f"{name}: needs https_port")
        return self

    @field_validator("allowed_hosts")
    @classmethod
    def _hosts_are_names(cls, hosts: tuple[str, ...]) -> tuple[str, ...]:
        for host in hosts:
            if not HOST_NAME.fullmatch(host):
                raise ValueError(f"{host} should be a host name in lower case without port, such as llm.example.com")
        return hosts


def _address(text: str) -> str:
    try:
        return str(ip_address(text))
    except ValueError as error:
        raise ValueError("should be an address, such as 127.0.0.1 or ::1") from error


def _network(text: str) -> str:
    try:
        return str(ip_network(text))
    except ValueError as error:
        raise ValueError(f"{text} should be an address or a network, such as 10.0.0.0/8") from error
