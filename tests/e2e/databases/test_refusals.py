"""What cannot work with external databases is refused at preview, in a sentence that names the key."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field

import pytest

from testbed.certificates import Authority
from testbed.external_databases import DATABASE, USER, ExternalDatabases
from testbed.project import Project

POSTGRES, REDIS = "gateway:postgres.external", "gateway:redis.external"
HOST = "host.docker.internal"


@dataclass(frozen=True)
class Mistake:
    """Settings, and the beginnings of the sentences they are refused with. PG, PGB and REDIS stand for the ports."""

    settings: Mapping[str, object]
    sentences: tuple[str, ...]
    passwords: Mapping[str, str] = field(default_factory=dict)
    statement: str = ""
    """Run by the server's superuser before."""
    undo: str = ""


MISTAKES = {
    "nobody listens": Mistake(
        {f"{POSTGRES}.port": 1, f"{REDIS}.port": 1},
        (
            f"postgres.external.host: {HOST}:1 does not answer the engine's containers: Connection refused",
            f"redis.external.host: {HOST}:1 does not answer the engine's containers: ",
        ),
    ),
    "no such name": Mistake(
        {f"{POSTGRES}.host": "nobody.invalid", f"{REDIS}.host": "nobody.invalid"},
        (
            "postgres.external.host: nobody.invalid:PG does not answer the engine's containers: failed to resolve",
            "redis.external.host: nobody.invalid:REDIS does not answer the engine's containers: ",
        ),
    ),
    "another name in the certificate": Mistake(
        {f"{POSTGRES}.host": "ADDRESS", f"{REDIS}.host": "ADDRESS"},
        (
            "postgres.external.host: the certificate of ADDRESS:PG has another name: ",
            "redis.external.host: the certificate of ADDRESS:REDIS has another name: ",
        ),
    ),
    "another authority": Mistake(
        {f"{POSTGRES}.tls.ca_file": "stacks/other.pem", f"{REDIS}.tls.ca_file": "stacks/other.pem"},
        (
            f"postgres.external.tls.ca_file: does not verify the certificate of {HOST}:PG: ",
            f"redis.external.tls.ca_file: does not verify the certificate of {HOST}:REDIS: ",
        ),
    ),
    "TLS where it is not, none where it is": Mistake(
        {f"{POSTGRES}.pgbouncer.tls": {"mode": "require"}, f"{REDIS}.tls": {"mode": "disable"}},
        (
            f"postgres.external.pgbouncer.tls.mode: {HOST}:PGB offers no TLS",
            f"redis.external.tls.mode: {HOST}:REDIS closes a connection without TLS",
        ),
    ),
    "wrong passwords": Mistake(
        {},
        (
            f"postgres_password: {HOST}:PG refuses the user {USER} with this password",
            f"redis_password: {HOST}:REDIS refuses the user gateway with this password",
        ),
        passwords={"gateway:postgres_password": "wrong-one", "gateway:redis_password": "wrong-two"},
    ),
    "no such database": Mistake(
        {f"{POSTGRES}.database": "nothing"},
        (f"postgres.external.database: {HOST}:PG has no database nothing; `create database nothing owner",),
    ),
    "no cluster": Mistake(
        {REDIS: {"startup_nodes": [{"host": HOST, "port": "REDIS"}], "username": "gateway"}},
        (f"redis.external.startup_nodes: {HOST}:REDIS is no Redis Cluster",),
    ),
    "a name with other signs": Mistake(
        {f"{POSTGRES}.database": 'my "database"'},
        ("postgres.external.database: should match ^[a-z_][a-z0-9_]*$",),
    ),
    "somebody else's database": Mistake(
        {f"{POSTGRES}.database": "of_others"},
        ("postgres.external.user: does not own of_others, which a restore renames: `alter database of_others owner",),
        statement="create database of_others",
        undo="drop database of_others with (force)",
    ),
    "no right to make tables": Mistake(
        {f"{POSTGRES}.database": "no_tables"},
        ('postgres.external.user: may not create tables in no_tables: `grant all on schema public to "',),
        statement=f'create database no_tables owner "{USER}";\n\\c no_tables\n'
        "alter schema public owner to postgres; revoke all on schema public from public;",
        undo="drop database no_tables with (force)",
    ),
    "no right to make databases": Mistake(
        {},
        ("postgres.external.user: may not create databases, as the proof of a dump does: `alter role",),
        statement=f'alter role "{USER}" nocreatedb',
        undo=f'alter role "{USER}" createdb',
    ),
    "a database that a backup would drop": Mistake(
        {},
        (f"postgres.external.database: {HOST}:PG has {DATABASE}_restore_of_mine, which the next backup could delete",),
        statement=f"create database {DATABASE}_restore_of_mine",
        undo=f"drop database {DATABASE}_restore_of_mine",
    ),
    "too few connections": Mistake(
        {f"{POSTGRES}.pgbouncer": None, "gateway:litellm.config.database_connection_pool_limit": 43},
        (f"postgres.external: {HOST}:PG takes 100 connections, too few: pool 43 × workers 1 × replicas 1 × 2",),
    ),
}


@contextmanager
def mistaken(gateway: Project, outer: ExternalDatabases, mistake: Mistake) -> Iterator[None]:
    """Make a mistake while the body runs."""
    before = gateway.config_file.read_text()
    if mistake.statement:
        outer.run_sql(mistake.statement)
    try:
        for path, value in mistake.settings.items():
            gateway.change(path, placed(value, outer))
        for path, password in mistake.passwords.items():
            gateway.set_secret(path, password)
        yield
    finally:
        gateway.config_file.write_text(before)
        if mistake.undo:
            outer.run_sql(mistake.undo)


def placed(value: object, outer: ExternalDatabases) -> object:
    """Return a value with the places that its words stand for."""
    if isinstance(value, dict):
        tls = {"tls": {"ca_file": "stacks/authority.pem"}} if "startup_nodes" in value else {}
        return {key: placed(each, outer) for key, each in value.items()} | tls
    if isinstance(value, list):
        return [placed(each, outer) for each in value]
    return {"ADDRESS": outer.address, "REDIS": outer.ports["redis"]}.get(str(value), value)


def expected(sentence: str, outer: ExternalDatabases) -> str:
    words = {"ADDRESS": outer.address, ":PGB": f":{outer.ports['pgbouncer']}"}
    words |= {":PG": f":{outer.ports['postgres']}", ":REDIS": f":{outer.ports['redis']}"}
    for word, text in words.items():
        sentence = sentence.replace(word, text)
    return sentence


@pytest.fixture(scope="module", autouse=True)
def other_authority(gateway: Project) -> None:
    """A file of an authority that signed nothing here."""
    (gateway.folder / "stacks" / "other.pem").write_text(Authority().certificate)


@pytest.mark.parametrize("mistake", MISTAKES.values(), ids=MISTAKES)
def test_mistake_is_a_sentence_for_each_server(gateway: Project, outer: ExternalDatabases, mistake: Mistake) -> None:
    with mistaken(gateway, outer, mistake):
        result = gateway.pulumi("preview")
    assert result.exit_code != 0
    wanted = [expected(sentence, outer) for sentence in mistake.sentences]
    lines = [line.strip().removeprefix("error: ") for line in result.output.splitlines()]
    missing = [sentence for sentence in wanted if not any(line.startswith(sentence) for line in lines)]
    assert missing == [], result.output
    assert "Traceback" not in result.output
    assert outer.password.split()[-1] not in result.output


def test_nothing_was_changed_by_refusals(gateway: Project) -> None:
    gateway.expect_no_changes()
