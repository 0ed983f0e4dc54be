"""What keeps a stack from running on an external Postgres, a sentence each. Pure."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from components.data.external.failure import Failure, ServerPlace, failure, shortened, unusable
from components.data.external.settings import ExternalPostgresSettings

PATH = "postgres.external"
ONCE = {Failure.LOGIN, Failure.NO_DATABASE}
"""What is wrong with all servers at once: the password and the database are theirs together."""
OLDEST_VERSION = 15
"""The oldest that its developers maintain (https://www.postgresql.org/support/versioning/), and that tests run."""
UTC = ("UTC", "Etc/UTC", "GMT", "Etc/GMT", "Zulu", "Etc/Zulu", "UCT", "Etc/UCT", "Universal", "Etc/Universal")


@dataclass(frozen=True)
class Needs:
    """What a stack needs of its server."""

    connections: int
    """Most at a time, while an update runs."""
    connections_in_words: str
    """The sum."""
    tools_version: int | None
    """Major version of the image with pg_dump; None if its tag does not tell."""


Answers = Mapping[str, Mapping[str, Any]]
"""`postgres`, `pgbouncer` or `read_replica` → what the probe found there."""


def refusals(settings: ExternalPostgresSettings, answers: Answers, needs: Needs) -> Iterator[str]:
    """Return what is wrong with the server, the PgBouncer and the read replica."""
    said: set[Failure] = set()
    for name in ("postgres", "pgbouncer", "read_replica"):
        facts = answers.get(name, {})
        path = PATH if name == "postgres" else f"{PATH}.{name}"
        if error := facts.get("error"):
            kind = failure(str(error))
            if kind not in said:
                yield _unusable(settings, path, str(error))
            said |= {kind} & ONCE
        elif facts:
            yield from _misfits(settings, name, facts, needs)


def _misfits(settings: ExternalPostgresSettings, name: str, facts: Mapping[str, Any], needs: Needs) -> Iterator[str]:
    match name:
        case "postgres":
            yield from _version(settings, facts, needs)
            yield from _rights(settings, facts)
            if settings.pgbouncer is None:
                yield from _connections(settings, PATH, facts, needs)
        case "pgbouncer":
            yield from _session(settings, facts)
        case _:
            yield from _connections(settings, f"{PATH}.{name}", facts, needs)


def address(settings: ExternalPostgresSettings, path: str) -> str:
    """Return host and port of the server that a path of the settings names."""
    server = getattr(settings, path.rpartition(".")[2], None) or settings
    return f"{server.host}:{server.port}"


def _unusable(settings: ExternalPostgresSettings, path: str, error: str) -> str:
    place, reason = address(settings, path), shortened(error)
    own = getattr(settings, path.rpartition(".")[2], None)
    tls = f"{path}.tls" if own and own.tls else f"{PATH}.tls"
    database, user = settings.database, settings.user
    match failure(error):
        case Failure.NO_DATABASE:
            cure = f'`create database {database} owner "{user}"` makes it'
            return f"{PATH}.database: {place} has no database {database}; {cure}"
        case Failure.LOGIN:
            return f"postgres_password: {place} refuses the user {user} with this password"
        case Failure.STARTUP_OPTIONS:
            return f"{path}: {place} refuses LiteLLM's options; set `ignore_startup_parameters = options` there"
        case Failure.FULL:
            return f"{path}: {place} has no connection left: {reason}"
        case Failure.RIGHTS:
            return f"{PATH}.user: {place} does not let {user} in: {reason}"
        case _:
            return unusable(ServerPlace(path, f"{path}.host", tls, place), error)


def _version(settings: ExternalPostgresSettings, facts: Mapping[str, Any], needs: Needs) -> Iterator[str]:
    version, place = facts["version"], address(settings, PATH)
    if version < OLDEST_VERSION:
        yield f"{PATH}: {place} is PostgreSQL {version}, too old; {OLDEST_VERSION} or newer is needed"
    elif needs.tools_version is not None and version > needs.tools_version:
        yield (
            f"images.postgres: its pg_dump {needs.tools_version} cannot dump {place}, which is PostgreSQL {version};"
            f" name an image of PostgreSQL {version}"
        )


def _rights(settings: ExternalPostgresSettings, facts: Mapping[str, Any]) -> Iterator[str]:
    place, database, user = address(settings, PATH), settings.database, f'"{settings.user}"'
    if facts["read_only"]:
        yield f"{PATH}.host: {place} is a read replica; name the primary server"
        return
    if not facts["owns_database"]:
        cure = f"`alter database {database} owner to {user}`"
        yield f"{PATH}.user: does not own {database}, which a restore renames: {cure}"
    elif not facts["creates_tables"]:
        yield f"{PATH}.user: may not create tables in {database}: `grant all on schema public to {user}`"
    if not facts["creates_databases"]:
        yield f"{PATH}.user: may not create databases, as the proof of a dump does: `alter role {user} createdb`"
    if not facts["reaches_postgres"]:
        yield f"{PATH}.user: may not connect to the database postgres, from which a restore renames {database}"
    if others := facts["similar_databases"]:
        yield (
            f"{PATH}.database: {place} has {', '.join(others)}, which the next backup could delete: databases of such"
            " names are the stack's; rename it"
        )


def _connections(
    settings: ExternalPostgresSettings, path: str, facts: Mapping[str, Any], needs: Needs
) -> Iterator[str]:
    limits = {
        f"{address(settings, path)} takes": facts["max_connections"],
        "its role is limited to": facts["role_connections"],
        "its database is limited to": facts["database_connections"],
    }
    # -1 is no limit.
    limit, allowed = min(((name, value) for name, value in limits.items() if value >= 0), key=lambda each: each[1])
    if allowed < needs.connections:
        yield (
            f"{path}: {limit} {allowed} connections, too few: {needs.connections_in_words}; raise that,"
            f" set {PATH}.pgbouncer, or lower litellm.config.database_connection_pool_limit, workers or replicas"
        )


def _session(settings: ExternalPostgresSettings, facts: Mapping[str, Any]) -> Iterator[str]:
    if (zone := facts["time_zone"]) not in UTC:
        yield (
            f"{PATH}.pgbouncer: sessions have the time zone {zone}, as it drops LiteLLM's options;"
            f" `alter role \"{settings.user}\" set timezone = 'UTC'` on the server"
        )
