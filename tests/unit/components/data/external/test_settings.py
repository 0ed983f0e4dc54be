"""The settings of databases that somebody else runs: each mistake is one sentence that names the key."""

import json
from typing import Any

import pulumi
import pytest

from components.stack.read import parse
from components.stack.settings import Settings

CA = "components/data/external/settings.py"
"""Stands for a file of certificates where it is not read."""
PLAIN = {"mode": "disable"}
POSTGRES: dict[str, Any] = {"host": "db.example.com", "tls": PLAIN}
REDIS: dict[str, Any] = {"host": "cache.example.com", "tls": PLAIN}


def settings(postgres: dict[str, Any] | None = None, redis: dict[str, Any] | None = None, **more: Any) -> Settings:
    """Return the settings with external databases that differ from good ones in these keys."""
    given = {
        "postgres": {"external": POSTGRES | (postgres or {})},
        "postgres_password": "hush",
        "redis": {"external": REDIS | (redis or {})},
        "redis_password": "quiet",
    }
    return parse({f"gateway:{key}": json.dumps(value) for key, value in (given | more).items()}, "gateway")


def sentence(**given: Any) -> str:
    with pytest.raises(pulumi.RunError) as refusal:
        settings(**given)
    return str(refusal.value)


def test_external_databases_are_accepted() -> None:
    stack = settings()
    assert stack.postgres.external
    assert stack.database_connection().server.host == "db.example.com"
    assert stack.redis_connection().nodes == [("cache.example.com", 6379)]


@pytest.mark.parametrize(
    ("key", "value", "words"),
    [
        ("host", "localhost", "postgres.external.host: is the container itself; host.docker.internal is the"),
        ("host", "db.example.com/x", "postgres.external.host: should match "),
        ("host", "postgres://db", "postgres.external.host: should match "),
        ("port", 0, "postgres.external.port: should be at least 1, not 0"),
        ("database", "my-database", "postgres.external.database: should match ^[a-z_][a-z0-9_]*$, not 'my-database'"),
        ("database", "Gateway", "postgres.external.database: should match"),
        ("database", "d" * 32, "postgres.external.database: "),
        ("user", "two\nlines", "postgres.external.user: should match"),
        ("tls", {}, "postgres.external.tls: ca_file is missing; mode verify-full needs the server's authorities"),
        ("tls", {"mode": "prefer"}, "postgres.external.tls.mode: should be disable, require or verify-full"),
        ("tls", {"mode": "require", "ca_file": CA}, "postgres.external.tls: mode require verifies nothing"),
        ("tls", {"ca_file": "no/such.pem"}, "postgres.external.tls.ca_file: there is no file no/such.pem"),
        ("tls", {"ca_file": CA}, f"postgres.external.tls.ca_file: {CA} should hold certificates in PEM"),
        ("pgbouncer", {}, "postgres.external.pgbouncer.host: is required"),
        ("read_replica", {"host": "127.0.0.1"}, "postgres.external.read_replica.host: is the container itself"),
        ("sslmode", "require", "postgres.external.sslmode: is not a setting; "),
    ],
)
def test_mistake_in_postgres_names_its_key(key: str, value: Any, words: str) -> None:
    assert sentence(postgres={key: value}).startswith(words)


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"host": None}, "redis.external: needs one of host, startup_nodes and sentinel_nodes"),
        ({"startup_nodes": [{"host": "a"}]}, "redis.external: needs one of host, startup_nodes and sentinel_nodes"),
        (
            {"host": None, "sentinel_nodes": [{"host": "a"}]},
            "redis.external: sentinel_nodes and service_name need each other",
        ),
        ({"service_name": "main"}, "redis.external: sentinel_nodes and service_name need each other"),
        (
            {"host": None, "startup_nodes": [{"host": "a"}], "port": 7000},
            "redis.external: port is that of host; each node has its own",
        ),
        ({"username": "two words"}, "redis.external.username: should match"),
        ({"tls": {}}, "redis.external.tls: ca_file is missing"),
    ],
)
def test_mistake_in_redis_names_its_key(given: dict[str, Any], words: str) -> None:
    assert sentence(redis=given).startswith(words)


def test_sizes_of_an_own_server_are_refused_beside_an_external_one() -> None:
    wrong = {"external": POSTGRES, "memory_mib": 2048}
    with pytest.raises(pulumi.RunError, match=r"^postgres: memory_mib belongs to an own Postgres; remove it"):
        parse({"gateway:postgres": json.dumps(wrong), "gateway:postgres_password": "hush"}, "gateway")
    with pytest.raises(pulumi.RunError, match=r"^redis: enabled belongs to an own Redis"):
        parse({"gateway:redis": json.dumps({"external": REDIS, "enabled": False})}, "gateway")


@pytest.mark.parametrize("name", ["postgres_password", "redis_password", "redis_sentinel_password"])
def test_password_without_its_server_is_refused(name: str) -> None:
    with pytest.raises(pulumi.RunError, match=rf"^{name}: is that of \S+, which is not set; remove it$"):
        parse({f"gateway:{name}": "hush"}, "gateway")


def test_postgres_without_a_password_is_refused() -> None:
    with pytest.raises(pulumi.RunError, match=r"^postgres_password: is missing"):
        parse({"gateway:postgres": json.dumps({"external": POSTGRES})}, "gateway")


@pytest.mark.parametrize("password", ["12345678", "true", "1e5", "[]", 'a"b', "p:@/?#%\\é"])
def test_password_may_be_any_line_of_text(password: str) -> None:
    config = {"gateway:postgres": json.dumps({"external": POSTGRES}), "gateway:postgres_password": password}
    assert parse(config, "gateway").given("postgres_password") == password


def test_password_with_a_space_is_refused_and_not_repeated() -> None:
    assert sentence(postgres_password="hush hush") == "postgres_password: should hold no space"


def test_password_of_two_lines_is_refused_and_not_repeated() -> None:
    line = sentence(postgres_password="hush\nhush")
    assert line == "postgres_password: should be one line of text"
