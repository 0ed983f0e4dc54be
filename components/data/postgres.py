"""PostgreSQL: keys, spend, and what else LiteLLM stores."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, ClassVar, Literal, Self

import pulumi
from pydantic import Field, model_validator

from components.data.external.settings import ExternalPostgresSettings
from components.data.postgres_connection import Database, PostgresConnection, PostgresServer
from components.data.tls import Tls
from components.engine.engine import Engine
from components.engine.workload import (
    LOOPBACK,
    PROGRAMS_FOLDER,
    SECRETS_FOLDER,
    DataVolume,
    HealthCheck,
    Network,
    Replacement,
    Service,
    Volume,
)
from components.settings.base import SettingsModel

ALIAS = "postgres"
VOLUME = DataVolume("postgres-data", size_gib=20)
PORT = 5432
CPU_SHARES = 2048
DATABASE = "litellm"
USER = "litellm"
DATA_FOLDER = "/var/lib/postgresql/data"
PASSWORD_FILE = "password"  # noqa: S105 - a file's name
START = Path(__file__).with_name("start_postgres.sh")
"""Runs in the container: makes the cluster on the first start, then becomes the server."""
MAX_CONNECTIONS = 2000
"""Each takes memory. More than these want a pooler in between."""


class PostgresSettings(SettingsModel):
    """The database."""

    renamed: ClassVar[Mapping[str, str]] = {"memory": "memory_mib", "stop_seconds": "stop_timeout"}

    memory_mib: int = Field(1024, ge=256)
    """Memory limit of the container. A quarter of it is `shared_buffers`
    (https://www.postgresql.org/docs/15/runtime-config-resource.html)."""
    max_connections: Literal["auto"] | Annotated[int, Field(ge=20, le=MAX_CONNECTIONS)] = "auto"
    """Connections that the server takes. `auto` is what the replicas' pools can open during an update, and a reserve.
    A new number restarts Postgres. With `auto`, so does each change of replicas, workers or pool: a stack that scales
    sets a number with room. An open connection costs about 10 MiB
    (https://www.postgresql.org/docs/15/runtime-config-connection.html)."""
    stop_timeout: int = Field(90, ge=10, le=600)
    """Time for a clean stop before the kill. A killed server replays its log at the next start."""
    external: ExternalPostgresSettings | None = None
    """A Postgres that somebody else runs; null: the stack runs its own."""

    @model_validator(mode="after")
    def _sizes_are_the_own_server_s(self) -> Self:
        if self.external and (sizes := self.model_fields_set - {"external"}):
            raise ValueError(f"{', '.join(sorted(sizes))} belongs to an own Postgres; remove it, or external")
        return self


@dataclass(frozen=True)
class PostgresArgs:
    """What a Postgres server needs."""

    settings: PostgresSettings
    image: str
    connection: PostgresConnection
    """How its clients reach it."""
    max_connections: int
    """The number that the setting `max_connections` stands for."""
    engine: Engine


def connection(
    settings: PostgresSettings, generated: pulumi.Input[str] = "", given: str | None = None
) -> PostgresConnection:
    """Return how the database of a stack is reached.

    Args:
        settings: of an own database, or of one that somebody else runs.
        generated: the password of an own one.
        given: the password of the other kind.

    Raises:
        ValueError: one sentence, if a file of certificates cannot be used.
    """
    if settings.external:
        return _external_connection(settings.external, given or "")
    return PostgresConnection(PostgresServer(ALIAS, PORT), DATABASE, USER, generated)


def _external_connection(settings: ExternalPostgresSettings, password: str) -> PostgresConnection:
    path = "postgres.external"
    tls = Tls.read(settings.tls, f"{path}.tls", f"{ALIAS}-ca.pem")
    others: dict[str, PostgresServer] = {}
    for name, other in (("pgbouncer", settings.pgbouncer), ("read_replica", settings.read_replica)):
        if other:
            own = other.tls and Tls.read(other.tls, f"{path}.{name}.tls", f"{name.replace('_', '-')}-ca.pem")
            others[name] = PostgresServer(other.host, other.port, own or tls)
    server = PostgresServer(settings.host, settings.port, tls)
    return PostgresConnection(server, settings.database, settings.user, password, external=True, **others)


def service(args: PostgresArgs, name: str, volume: pulumi.Input[str]) -> Service:
    """Describe the server: password by file, SCRAM for every connection from the network."""
    options = {
        "max_connections": args.max_connections,
        "shared_buffers": f"{args.settings.memory_mib // 4}MB",
        "password_encryption": "scram-sha-256",
        "listen_addresses": "*",
    }
    return Service(
        name=name,
        alias=name,
        image=args.image,
        user="999:999",
        networks=(Network.DATA,),
        memory_mib=args.settings.memory_mib,
        cpu_shares=CPU_SHARES,
        entrypoint=("sh", f"{PROGRAMS_FOLDER}/{START.name}"),
        command=("postgres", *(word for name, value in options.items() for word in ("-c", f"{name}={value}"))),
        environment={
            "PGDATA": DATA_FOLDER,
            "POSTGRES_DB": DATABASE,
            # Connections inside the container need no password: who is in there has the data files anyway.
            "POSTGRES_INITDB_ARGS": "--auth-host=scram-sha-256 --auth-local=trust",
            "POSTGRES_PASSWORD_FILE": f"{SECRETS_FOLDER}/{PASSWORD_FILE}",
            "POSTGRES_USER": USER,
        },
        programs={START.name: START.read_text()},
        secrets={PASSWORD_FILE: args.connection.password},
        volumes=(Volume(volume, DATA_FOLDER),),
        tmpfs=("/tmp", "/var/run/postgresql"),  # noqa: S108 - inside the container
        health=HealthCheck(
            ("CMD", "pg_isready", "-q", "-h", LOOPBACK, "-U", USER, "-d", DATABASE), interval=2, retries=5
        ),
        stop_timeout=args.settings.stop_timeout,
        replacement=Replacement.DELETE_BEFORE_CREATE,
        listens=(PORT,),
    )


class Postgres(pulumi.ComponentResource):
    """One PostgreSQL server on a named volume. To replace it is downtime for the database, not for cached keys."""

    server: pulumi.Resource
    volume: pulumi.Output[str]
    """Name of the data volume on the engine."""
    database: Database

    def __init__(self, name: str, args: PostgresArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        """Start the server."""
        super().__init__("gateway:index:Postgres", name, {}, opts)
        self.volume = args.engine.create_volume(VOLUME, self)
        self.server = args.engine.run(service(args, name, self.volume), self)
        self.database = Database(args.connection, [self.server])
        self.register_outputs({"volume": self.volume, "database_url": args.connection.url})
