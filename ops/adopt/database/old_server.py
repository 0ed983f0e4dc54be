"""The database server of the old deployment: pg_dump reads it, and changes nothing."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from urllib.parse import parse_qsl, unquote, urlsplit

import docker
from docker.models.containers import Container

from components.data.backup import FOLDER
from ops.adopt.database.dump_file import Form
from ops.adopt.database.job_container import JobContainer
from ops.adopt.database.new_database import DUMP
from ops.data.disk import require_disk
from ops.data.dump_store import SILENCE_TIMEOUT_SECONDS
from ops.errors import OperationError
from ops.stack.engines.docker_part import DockerPart

SERVICE_FILE = "pg_service.conf"
LIBPQ = ("sslmode", "sslcert", "sslkey", "sslrootcert", "connect_timeout")
"""Parameters of a URL that libpq knows too; the others are Prisma's."""
LOCAL = ("localhost", "127.0.0.1", "::1", "host.docker.internal")
SIZE = "select pg_database_size(current_database())"


@dataclass(frozen=True)
class DatabaseUrl:
    """A URL as LiteLLM has it in DATABASE_URL."""

    host: str
    port: int
    database: str
    user: str
    password: str = field(repr=False)
    parameters: tuple[tuple[str, str], ...] = ()

    def service(self, host: str) -> str:
        """Return it as an entry of libpq's service file, with another host for the container that reads it."""
        lines = {"host": host, "port": self.port, "dbname": self.database, "user": self.user, "password": self.password}
        more = "".join(f"{name}={value}\n" for name, value in self.parameters if name in LIBPQ)
        return "[old]\n" + "".join(f"{name}={value}\n" for name, value in lines.items()) + more


def parse_url(text: str) -> DatabaseUrl:
    """Return the parts of a URL.

    Raises:
        OperationError: if it is no URL of a PostgreSQL database; the text is not shown, as it holds a password.
    """
    try:
        url = urlsplit(text.strip())
        port = url.port or 5432
    except ValueError as error:
        raise OperationError("the database's URL cannot be read") from error
    database = unquote(url.path.strip("/"))
    if url.scheme not in ("postgres", "postgresql") or not url.hostname or not database or not url.username:
        raise OperationError("the database's URL should be postgresql://USER:PASSWORD@HOST:PORT/DATABASE")
    parts = (unquote(url.username), unquote(url.password or ""))
    if any("\n" in part for part in parts):
        raise OperationError("the database's URL holds a line break")
    return DatabaseUrl(url.hostname, port, database, *parts, parameters=tuple(parse_qsl(url.query)))


@dataclass(frozen=True)
class OldServer:
    """Dumps the old database into the backups' volume of the stack."""

    stack: str
    url: DatabaseUrl

    def dump(self, engine: docker.DockerClient, backup: Container) -> tuple[str, str]:
        """Run pg_dump of the stack's Postgres; return the dump's path in the volume, and its form.

        Raises:
            OperationError: if there is no room for the dump, or the server does not answer or is newer, with pg_dump's
                words.
        """
        size = int(self._ask(engine, backup, "adopt-size", "psql", "-XqAt", f"--command={SIZE}", "service=old"))
        require_disk(DockerPart(backup, SILENCE_TIMEOUT_SECONDS), size, "a dump of the old database")
        options = ("--format=custom", "--no-owner", "--no-privileges", f"--file={FOLDER}/{DUMP}")
        self._ask(engine, backup, "adopt-dump", "pg_dump", *options, "service=old")
        return f"{FOLDER}/{DUMP}", Form.CUSTOM

    def _ask(self, engine: docker.DockerClient, backup: Container, name: str, *command: str) -> str:
        """Run a program of the stack's Postgres that reaches the server; return its output."""
        network = "host" if self.url.host in LOCAL else network_of(self.url.host, engine.containers.list())
        host = "127.0.0.1" if self.url.host in LOCAL else self.url.host
        volume = next(mount["Name"] for mount in backup.attrs["Mounts"] if mount["Destination"] == FOLDER)
        return JobContainer(
            self.stack,
            name,
            str(backup.attrs["Image"]),
            str(backup.attrs["Config"]["User"]),
            command,
            {SERVICE_FILE: self.url.service(host)},
            network=network or "bridge",
            environment={"PGSERVICEFILE": f"/run/secrets/{SERVICE_FILE}", "PGCONNECT_TIMEOUT": "10"},
            volumes={volume: FOLDER},
            timeout=SILENCE_TIMEOUT_SECONDS,
        ).run(engine)


def network_of(host: str, containers: Iterable[Container]) -> str | None:
    """Return the network in which a container has this name, such as a Compose project's; None if there is none."""
    for container in containers:
        for network, joined in container.attrs["NetworkSettings"]["Networks"].items():
            names = {container.name, *(joined.get("Aliases") or ()), *(joined.get("DNSNames") or ())}
            if host in names:
                return str(network)
    return None
