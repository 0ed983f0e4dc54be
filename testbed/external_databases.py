"""A Postgres, a PgBouncer and a Redis outside any stack, with TLS: what somebody else runs."""

import io
import secrets
import tarfile
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import docker
from docker.models.containers import Container

from components.engine.connection.client import connect
from components.engine.workload import HOST_GATEWAY, LOOPBACK
from components.images.source import ImageSource, image_reference, resolve_source
from testbed.certificates import Authority
from testbed.container import must_run, run
from testbed.ports import free_ports
from testbed.project import Project
from testbed.wait import wait_until

LABEL = "testbed.databases"
DEBIAN = {
    ImageSource.BUILT: "localhost/gateway/debian:bookworm",
    ImageSource.OFFICIAL: "docker.io/library/debian:bookworm",
}
DATABASE, USER = "gateway_db", "gateway-owner@x"
FOLDER = "/etc/outer"
STARTED_SECONDS = 60
AS_SERVER = 'exec setpriv --reuid=999 --regid=999 --clear-groups "$@"'


@dataclass(frozen=True)
class ExternalDatabases:
    """Servers that listen on the address by which containers reach the engine's machine."""

    address: str
    authority: Authority
    postgres: Container
    pgbouncer: Container
    redis: Container
    ports: Mapping[str, int]
    """Server → its host port."""
    password: str = field(repr=False)
    redis_password: str = field(repr=False)

    @property
    def user(self) -> str:
        """The role of all stacks."""
        return USER

    def settings(self, folder: Path, database: str = DATABASE) -> dict[str, Any]:
        """Return the settings of a stack that uses all three; the authority's certificate goes into the folder."""
        file = folder / "stacks" / "authority.pem"
        file.write_text(self.authority.certificate)
        tls = {"ca_file": "stacks/authority.pem"}
        external = {
            "host": HOST_GATEWAY,
            "port": self.ports["postgres"],
            "database": database,
            "user": USER,
            "tls": tls,
            "pgbouncer": {"host": HOST_GATEWAY, "port": self.ports["pgbouncer"], "tls": {"mode": "disable"}},
        }
        redis = {"host": HOST_GATEWAY, "port": self.ports["redis"], "username": "gateway", "tls": tls}
        return {"gateway:postgres": {"external": external}, "gateway:redis": {"external": redis}}

    def set_passwords(self, project: Project) -> None:
        """Encrypt the passwords into the stack's configuration."""
        project.set_secret("gateway:postgres_password", self.password)
        project.set_secret("gateway:redis_password", self.redis_password)

    def redis_cli(self, *command: str) -> str:
        """Return the answer of the Redis."""
        tls = ("--tls", "--cacert", f"{FOLDER}/authority.pem", "--user", "gateway", "--pass", self.redis_password)
        return must_run(self.redis, "redis-cli", "--no-auth-warning", *tls, *command).strip()

    def run_sql(self, script: str) -> None:
        """Run a script of psql as the Postgres's superuser, beginning in the database postgres."""
        command = ("sh", "-c", 'printf "%s\\n" "$1" | psql -U postgres -v ON_ERROR_STOP=1', "sh", script)
        must_run(self.postgres, *command)

    def sql(self, statement: str, database: str = DATABASE) -> str:
        """Return the answer of the Postgres to its superuser, as psql prints it without headers."""
        return must_run(self.postgres, "psql", "-U", "postgres", "-d", database, "-Atc", statement).strip()


@contextmanager
def external_databases() -> Iterator[ExternalDatabases]:
    """Run the servers. They are removed at the end, and what an interrupted run left is removed first."""
    engine = connect()
    remove(engine)
    try:
        yield _start(engine)
    finally:
        remove(engine)


def remove(engine: docker.DockerClient) -> None:
    """Remove all servers and their data."""
    for container in engine.containers.list(all=True, filters={"label": LABEL}):
        container.remove(force=True, v=True)


def _start(engine: docker.DockerClient) -> ExternalDatabases:
    address = str(engine.networks.get("bridge").attrs["IPAM"]["Config"][0]["Gateway"])
    ports = dict(zip(("postgres", "pgbouncer", "redis"), free_ports(3), strict=True))
    authority, password, redis_password = Authority(), f"p:@/?#%\\{secrets.token_hex(8)}", secrets.token_hex(8)
    certificate, key = authority.issue(HOST_GATEWAY)
    tls = {"server.crt": certificate, "server.key": key, "authority.pem": authority.certificate}
    source = resolve_source()

    def server(
        name: str, image: str, port: int, command: list[str], files: Mapping[str, str], **more: Any
    ) -> Container:
        container = engine.containers.create(
            image,
            entrypoint=["sh", "-c", AS_SERVER, "sh"],
            command=command,
            name=f"databases-outer-{name}",
            labels=[LABEL],
            ports={f"{port}/tcp": (address, ports[name])},
            extra_hosts={HOST_GATEWAY: "host-gateway"},
            **more,
        )
        container.put_archive("/", _archive({**tls, **files}))
        container.start()
        return container

    postgres = server(
        "postgres",
        image_reference("postgres", source),
        5432,
        [
            "docker-entrypoint.sh",
            "postgres",
            *_options(ssl="on", ssl_cert_file=f"{FOLDER}/server.crt", ssl_key_file=f"{FOLDER}/server.key"),
        ],
        {},
        environment={"POSTGRES_PASSWORD": secrets.token_hex(8), "POSTGRES_INITDB_ARGS": "--auth-host=scram-sha-256"},
        tmpfs={"/var/run/postgresql": "uid=999"},
    )
    asked = ("psql", "-U", "postgres", "-h", LOOPBACK, "-c", "select 1")
    wait_until(lambda: "no password supplied" in run(postgres, *asked)[1], STARTED_SECONDS)
    for statement in (
        f"create role \"{USER}\" login createdb password '{password}'",
        f'create database {DATABASE} owner "{USER}"',
    ):
        must_run(postgres, "psql", "-U", "postgres", "-c", statement)
    pgbouncer = server(
        "pgbouncer",
        _pgbouncer_image(engine, source),
        6432,
        ["pgbouncer", f"{FOLDER}/pgbouncer.ini"],
        {"pgbouncer.ini": _pgbouncer_ini(ports["postgres"]), "users.txt": f'"{USER}" "{password}"\n'},
    )
    redis = server(
        "redis",
        image_reference("redis", source),
        6379,
        ["redis-server", f"{FOLDER}/redis.conf"],
        {"redis.conf": _redis_conf(redis_password)},
    )
    return ExternalDatabases(address, authority, postgres, pgbouncer, redis, ports, password, redis_password)


def _options(**options: str) -> list[str]:
    return [word for name, value in options.items() for word in ("-c", f"{name}={value}")]


def _pgbouncer_ini(postgres_port: int) -> str:
    lines = {
        "listen_addr": "*",
        "listen_port": "6432",
        "auth_type": "scram-sha-256",
        "auth_file": f"{FOLDER}/users.txt",
        "pool_mode": "transaction",
        "default_pool_size": "10",
        "max_client_conn": "500",
        "ignore_startup_parameters": "options",
        "server_tls_sslmode": "verify-full",
        "server_tls_ca_file": f"{FOLDER}/authority.pem",
    }
    databases = f"[databases]\n* = host={HOST_GATEWAY} port={postgres_port}\n"
    return databases + "[pgbouncer]\n" + "".join(f"{name} = {value}\n" for name, value in lines.items())


def _redis_conf(password: str) -> str:
    lines = (
        *("port 0", "tls-port 6379", f"tls-cert-file {FOLDER}/server.crt", f"tls-key-file {FOLDER}/server.key"),
        *(f"tls-ca-cert-file {FOLDER}/authority.pem", "tls-auth-clients no", "dir /data", "appendonly yes"),
        *("maxmemory-policy noeviction", f"user gateway on >{password} ~* &* +@all", "user default off"),
    )
    return "".join(f"{line}\n" for line in lines)


def _pgbouncer_image(engine: docker.DockerClient, source: ImageSource) -> str:
    recipe = f"FROM {DEBIAN[source]}\nRUN apt-get update -q && apt-get install -qy --no-install-recommends pgbouncer\n"
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "Dockerfile").write_text(recipe)
        # The host's network, because a machine may reach packages through a proxy of its own.
        image, _ = engine.images.build(
            path=folder, tag="localhost/testbed/pgbouncer:bookworm", network_mode="host", rm=True
        )
    return str(image.id)


def _archive(files: Mapping[str, str]) -> bytes:
    content = io.BytesIO()
    with tarfile.open(fileobj=content, mode="w") as tar:
        for name, text in files.items():
            entry = tarfile.TarInfo(f"{FOLDER.strip('/')}/{name}")
            entry.size, entry.mode, entry.uid, entry.gid = len(text.encode()), 0o400, 999, 999
            tar.addfile(entry, io.BytesIO(text.encode()))
    return content.getvalue()
