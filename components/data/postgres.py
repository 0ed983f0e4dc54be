"""PostgreSQL: keys, spend, and what LiteLLM stores."""

from typing import Annotated, Literal

import pulumi
import pulumi_docker as docker
from pydantic import Field

from components.engine.docker import DockerEngine
from components.engine.workload import SECRETS_FOLDER, HealthCheck, Network, Replacement, Volume, Workload
from components.secrets import Secrets
from components.settings.base import Section

ALIAS = "postgres"
DATABASE = "litellm"
USER = "litellm"
DATA_FOLDER = "/var/lib/postgresql/data"
PASSWORD_FILE = "password"  # noqa: S105 - a file's name


MOST_CONNECTIONS = 2000
"""Each takes memory; more than these want a pooler in between."""


class PostgresSettings(Section):
    """The database of a stack."""

    memory: int = Field(1024, ge=256)
    """Memory limit of the container, MiB. A quarter of it is `shared_buffers`
    (https://www.postgresql.org/docs/15/runtime-config-resource.html)."""
    max_connections: Literal["auto"] | Annotated[int, Field(ge=20, le=MOST_CONNECTIONS)] = "auto"
    """Connections the server takes; `auto` is what the replicas' pools can open while an update runs, and a reserve.
    A new number restarts Postgres, and with `auto` each change of replicas, workers or pool is one: a stack that
    scales sets a number with room. Each open one costs about 10 MiB (https://www.postgresql.org/docs/15/runtime-config-connection.html)."""
    stop_seconds: int = Field(90, ge=10, le=600)
    """Seconds for a clean stop before the kill; a killed server replays its log at the next start."""


def database_url(secrets: Secrets) -> pulumi.Output[str]:
    """Give LiteLLM's way to the database, password included: a secret."""
    return pulumi.Output.concat(f"postgresql://{USER}:", secrets.postgres_password, f"@{ALIAS}:5432/{DATABASE}")


def workload(
    settings: PostgresSettings,
    image: str,
    password: pulumi.Input[str],
    volume: pulumi.Input[str],
    max_connections: int,
) -> Workload:
    """Describe the server: password by file, SCRAM for every connection from the network."""
    options = {
        "max_connections": max_connections,
        "shared_buffers": f"{settings.memory // 4}MB",
        "password_encryption": "scram-sha-256",
        "listen_addresses": "*",
    }
    return Workload(
        name="postgres",
        alias=ALIAS,
        image=image,
        user="999:999",
        networks=(Network.DATA,),
        memory=settings.memory,
        cpu_shares=2048,
        command=("postgres", *(word for name, value in options.items() for word in ("-c", f"{name}={value}"))),
        environment={
            "PGDATA": DATA_FOLDER,
            "POSTGRES_DB": DATABASE,
            # Connections inside the container need no password: who is in there has the data files anyway.
            "POSTGRES_INITDB_ARGS": "--auth-host=scram-sha-256 --auth-local=trust",
            "POSTGRES_PASSWORD_FILE": f"{SECRETS_FOLDER}/{PASSWORD_FILE}",
            "POSTGRES_USER": USER,
        },
        secrets={PASSWORD_FILE: password},
        volumes=(Volume(volume, DATA_FOLDER),),
        tmpfs=("/tmp", "/var/run/postgresql"),  # noqa: S108
        health=HealthCheck(
            command=("CMD", "pg_isready", "-q", "-h", "127.0.0.1", "-U", USER, "-d", DATABASE),
            interval=2, retries=5, deadline=120,
        ),
        stop_seconds=settings.stop_seconds,
        replacement=Replacement.DELETE_BEFORE_CREATE,
    )  # fmt: skip


class Postgres(pulumi.ComponentResource):
    """One PostgreSQL server on a named volume. Replacing it is downtime for the database, not for cached keys."""

    container: docker.Container
    volume: docker.Volume

    def __init__(
        self,
        settings: PostgresSettings,
        image: str,
        secrets: Secrets,
        engine: DockerEngine,
        *,
        max_connections: int,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        """Start the server; `max_connections` is the number that `auto` stands for."""
        super().__init__("gateway:index:Postgres", "postgres", {}, opts)
        self.volume = engine.volume("postgres-data", self)
        self.container = engine.run(
            workload(settings, image, secrets.postgres_password, self.volume.name, max_connections), self
        )
        self.register_outputs({})
