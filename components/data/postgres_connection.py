"""How clients reach the database, whoever runs its server. Passwords are in files and in LiteLLM's URL alone."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from urllib.parse import quote, urlencode

import pulumi

from components.data.tls import Tls
from components.engine.workload import Network


@dataclass(frozen=True)
class PostgresServer:
    """One address at which Postgres's protocol is spoken."""

    host: str
    port: int
    tls: Tls | None = None
    """None: not asked for; the stack's own network."""

    @property
    def libpq_parameters(self) -> dict[str, str]:
        """How libpq and LiteLLM ask for TLS."""
        if self.tls is None:
            return {}
        root = {"sslrootcert": self.tls.ca_path} if self.tls.ca_path else {}
        return {"sslmode": self.tls.mode.value, **root}


@dataclass(frozen=True)
class PostgresConnection:
    """The database of a stack."""

    server: PostgresServer
    """The primary server, without a pooler in between."""
    database: str
    user: str
    password: pulumi.Input[str] = field(repr=False)
    external: bool = False
    """Whether somebody else runs the server."""
    pgbouncer: PostgresServer | None = None
    """What replicas connect to instead."""
    read_replica: PostgresServer | None = None

    @property
    def networks(self) -> tuple[Network, ...]:
        """Networks of a container that uses the database alone. An external one is beyond the data network."""
        return (Network.FRONT,) if self.external else (Network.DATA,)

    @property
    def files(self) -> dict[str, str]:
        """Certificates for a client of the server itself, as configuration files."""
        return self.server.tls.files if self.server.tls else {}

    @property
    def client_files(self) -> dict[str, str]:
        """Certificates for a replica, as configuration files."""
        servers = [self.pgbouncer or self.server, *([self.read_replica] if self.read_replica else [])]
        return {name: text for server in servers if server.tls for name, text in server.tls.files.items()}

    @property
    def libpq_environment(self) -> dict[str, str]:
        """The variables by which psql and pg_dump find the database; the password is in a file."""
        server = self.server
        found = {"PGDATABASE": self.database, "PGHOST": server.host, "PGUSER": self.user}
        if not self.external:
            return found
        tls = {f"PG{name.upper()}": value for name, value in server.libpq_parameters.items()}
        return found | {"PGPORT": str(server.port)} | tls

    @property
    def password_file(self) -> pulumi.Output[str]:
        """The password as a file of libpq (https://www.postgresql.org/docs/15/libpq-pgpass.html)."""
        return pulumi.Output.secret(self.password).apply(
            lambda password: f"*:*:*:{_in_password_file(self.user)}:{_in_password_file(password)}\n"
        )

    @property
    def url(self) -> pulumi.Output[str]:
        """The URL of the server itself, for migrations. It holds the password: a secret."""
        return self._url(self.server)

    @property
    def client_environment(self) -> dict[str, pulumi.Output[str]]:
        """The secret variables by which a replica reaches the database."""
        found = {"DATABASE_URL": self._url(self.server)}
        if self.pgbouncer:
            # Prisma then needs no session of its own between two transactions.
            found["DATABASE_URL"] = self._url(self.pgbouncer, {"pgbouncer": "true"})
        if self.read_replica:
            # Else it would inherit `pgbouncer` from the other URL.
            more = {"pgbouncer": "false"} if self.pgbouncer else {}
            found["DATABASE_URL_READ_REPLICA"] = self._url(self.read_replica, more)
        return found

    def _url(self, server: PostgresServer, more: Mapping[str, str] | None = None) -> pulumi.Output[str]:
        return pulumi.Output.secret(self.password).apply(lambda password: database_url(self, server, password, more))


def database_url(
    connection: PostgresConnection, server: PostgresServer, password: str, more: Mapping[str, str] | None = None
) -> str:
    """Return the URL of a connection's database on one of its servers, with more parameters of Prisma."""
    parameters = urlencode({**server.libpq_parameters, **(more or {})}, safe="/")
    user = f"{quote(connection.user, safe='')}:{quote(password, safe='')}"
    place = f"{server.host}:{server.port}/{connection.database}"
    return f"postgresql://{user}@{place}{'?' if parameters else ''}{parameters}"


@dataclass(frozen=True)
class Database:
    """The database of a stack and what has to exist before it is used."""

    connection: PostgresConnection
    depends_on: Sequence[pulumi.Resource] = ()
    """The stack's own server."""


def _in_password_file(text: str) -> str:
    return text.replace("\\", "\\\\").replace(":", "\\:")
