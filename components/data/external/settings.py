"""Where a Postgres and a Redis are that somebody else runs. Their passwords are encrypted settings of the stack."""

from typing import Annotated, Self

from pydantic import AfterValidator, Field, model_validator

from components.data.tls import TlsSettings
from components.settings.base import SettingsModel

LOCAL = ("localhost", "127.0.0.1", "0.0.0.0", "::1")  # noqa: S104 - names that are refused
LONGEST_DATABASE = 31
"""Postgres cuts names after 63 characters; the longest that a restore gives is `DATABASE_before_restore_TIME`."""


def _not_local(host: str) -> str:
    if host in LOCAL:
        raise ValueError("is the container itself; host.docker.internal is the engine's machine")
    return host


Host = Annotated[
    str, Field(pattern=r"^[A-Za-z0-9]([A-Za-z0-9._-]*[A-Za-z0-9])?$", max_length=253), AfterValidator(_not_local)
]
"""A name or an IPv4 address, as containers of the engine reach it."""
PortNumber = Annotated[int, Field(ge=1, le=65535)]


class PgBouncerSettings(SettingsModel):
    """A PgBouncer between the replicas and the server. Migrations, dumps and monitoring go past it."""

    host: Host
    """Name or address, as containers of the engine reach it."""
    port: PortNumber = 6432
    """Its port."""
    tls: TlsSettings | None = None
    """How replicas connect to it; null: as to the server."""


class ReadReplicaSettings(SettingsModel):
    """A replica of the database that answers LiteLLM's reads (DATABASE_URL_READ_REPLICA)."""

    host: Host
    """Name or address, as containers of the engine reach it."""
    port: PortNumber = 5432
    """Its port."""
    tls: TlsSettings | None = None
    """How replicas connect to it; null: as to the server."""


class ExternalPostgresSettings(SettingsModel):
    """A Postgres that somebody else runs. Its password is `postgres_password`."""

    host: Host
    """Name or address of the primary server, as containers of the engine reach it; host.docker.internal is the engine's
    machine."""
    port: PortNumber = 5432
    """Its port."""
    database: str = Field("litellm", pattern=r"^[a-z_][a-z0-9_]*$", max_length=LONGEST_DATABASE)
    """The database, which is the stack's alone. Backups and restores make others beside it:
    DATABASE_scratch_TIME, DATABASE_restore_TIME and DATABASE_before_restore_TIME."""
    user: str = Field("litellm", pattern=r"^[^\s]+$", max_length=63)
    """The role that owns the database and may create others (CREATEDB)."""
    tls: TlsSettings
    """How containers connect to it."""
    pgbouncer: PgBouncerSettings | None = None
    """A PgBouncer between the replicas and the server; null: none."""
    read_replica: ReadReplicaSettings | None = None
    """A replica that answers reads; null: none. LiteLLM does not turn to the primary when it is lost: keys that are not
    cached get 503 at once, every request does after about a minute, until it answers again. Name a proxy that turns to
    the primary, or take the setting out and run `up`."""


class RedisNode(SettingsModel):
    """One server."""

    host: Host
    """Name or address, as containers of the engine reach it."""
    port: PortNumber = 6379
    """Its port; a Sentinel's is mostly 26379."""


class ExternalRedisSettings(SettingsModel):
    """A Redis that somebody else runs: one server, a Cluster or behind Sentinels. Its password is `redis_password`."""

    host: Host | None = None
    """Name or address of the server, as containers of the engine reach it; null with `startup_nodes` or
    `sentinel_nodes`."""
    port: PortNumber = 6379
    """Port of `host`."""
    username: str | None = Field(None, pattern=r"^[^\s]+$")
    """User of Redis's access control list; null: the default one."""
    tls: TlsSettings
    """How containers connect to it."""
    startup_nodes: tuple[RedisNode, ...] = ()
    """Nodes of a Redis Cluster; one that answers is enough (REDIS_CLUSTER_NODES)."""
    sentinel_nodes: tuple[RedisNode, ...] = ()
    """Sentinels that name the master; their password is `redis_sentinel_password`. No exporter watches such a Redis."""
    service_name: str | None = Field(None, pattern=r"^[^\s]+$")
    """Name of the master that the Sentinels watch."""

    @model_validator(mode="after")
    def _one_way_to_reach_it(self) -> Self:
        ways = [self.host, self.startup_nodes, self.sentinel_nodes]
        if sum(bool(way) for way in ways) != 1:
            raise ValueError("needs one of host, startup_nodes and sentinel_nodes")
        if bool(self.sentinel_nodes) != bool(self.service_name):
            raise ValueError("sentinel_nodes and service_name need each other")
        if "port" in self.model_fields_set and not self.host:
            raise ValueError("port is that of host; each node has its own")
        return self
