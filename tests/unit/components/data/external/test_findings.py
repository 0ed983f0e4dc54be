"""What is refused of external servers, from what the probe found there."""

from collections.abc import Mapping
from typing import Any

import pytest

from components.data.external import postgres_findings, redis_findings
from components.data.external.postgres_findings import Needs
from components.data.external.settings import ExternalPostgresSettings, ExternalRedisSettings

TLS = {"mode": "require"}
POSTGRES = ExternalPostgresSettings.model_validate({"host": "db", "user": "my-user", "tls": TLS})
POOLED = ExternalPostgresSettings.model_validate(
    {"host": "db", "tls": TLS, "pgbouncer": {"host": "pool", "tls": TLS}, "read_replica": {"host": "reader"}}
)
NEEDS = Needs(95, "the sum = 95", 16)
FACTS: dict[str, Any] = {
    "version": 15,
    "max_connections": 100,
    "role_connections": -1,
    "database_connections": -1,
    "time_zone": "UTC",
    "read_only": False,
    "owns_database": True,
    "creates_databases": True,
    "creates_tables": True,
    "reaches_postgres": True,
    "similar_databases": [],
}
REDIS_FACTS = {
    "redis_version": "7.0.15",
    "role": "master",
    "cluster_enabled": 0,
    "maxmemory_policy": "noeviction",
    "aof_enabled": 1,
}


def postgres(
    facts: Mapping[str, Any], server: str = "postgres", settings: ExternalPostgresSettings = POSTGRES
) -> list[str]:
    return list(postgres_findings.refusals(settings, {server: facts}, NEEDS))


def test_good_server_is_accepted() -> None:
    assert postgres(FACTS) == []


@pytest.mark.parametrize(
    ("fact", "value", "words"),
    [
        ("version", 14, "postgres.external: db:5432 is PostgreSQL 14, too old; 15 or newer is needed"),
        ("version", 17, "images.postgres: its pg_dump 16 cannot dump db:5432, which is PostgreSQL 17; name an image"),
        ("max_connections", 94, "postgres.external: db:5432 takes 94 connections, too few: the sum = 95; raise that"),
        ("role_connections", 20, "postgres.external: its role is limited to 20 connections, too few"),
        ("database_connections", 20, "postgres.external: its database is limited to 20 connections, too few"),
        ("read_only", True, "postgres.external.host: db:5432 is a read replica; name the primary server"),
        ("owns_database", False, "postgres.external.user: does not own litellm, which a restore renames: `alter data"),
        ("creates_tables", False, "postgres.external.user: may not create tables in litellm: `grant all on schema"),
        ("creates_databases", False, "postgres.external.user: may not create databases, as the proof of a dump does"),
        ("reaches_postgres", False, "postgres.external.user: may not connect to the database postgres"),
        ("similar_databases", ["litellm_restore_a"], "postgres.external.database: db:5432 has litellm_restore_a, wh"),
    ],
)
def test_fault_is_one_sentence_that_names_the_key(fact: str, value: Any, words: str) -> None:
    (sentence,) = postgres(FACTS | {fact: value})
    assert sentence.startswith(words)
    assert "\n" not in sentence


@pytest.mark.parametrize(
    ("error", "words"),
    [
        ("Connection refused", "postgres.external.host: db:5432 does not answer the engine's containers: "),
        ('certificate for "x" does not match host name "db"', "postgres.external.host: the certificate of db:5432 has"),
        ("SSL error: certificate verify failed", "postgres.external.tls.ca_file: does not verify the certificate of"),
        ("server does not support SSL", "postgres.external.tls.mode: db:5432 offers no TLS"),
        ("password authentication failed", "postgres_password: db:5432 refuses the user my-user with this password"),
        ('database "litellm" does not exist', "postgres.external.database: db:5432 has no database litellm; `create"),
        ("no pg_hba.conf entry", "postgres.external.user: db:5432 does not let my-user in: "),
        ("too many clients already", "postgres.external: db:5432 has no connection left: "),
        ("what nobody knows", "postgres.external: db:5432 cannot be used: what nobody knows"),
    ],
)
def test_server_that_cannot_be_used_is_one_sentence(error: str, words: str) -> None:
    (sentence,) = postgres({"error": f"OperationalError: {error}"})
    assert sentence.startswith(words)


def test_pgbouncer_is_named_in_its_own_sentences() -> None:
    refused = postgres({"error": "FATAL:  unsupported startup parameter: options"}, "pgbouncer", POOLED)
    cure = "set `ignore_startup_parameters = options` there"
    assert refused == [f"postgres.external.pgbouncer: pool:6432 refuses LiteLLM's options; {cure}"]
    assert postgres({"error": "SSL error: certificate verify failed"}, "pgbouncer", POOLED)[0].startswith(
        "postgres.external.pgbouncer.tls.ca_file: "
    )
    assert postgres(FACTS | {"time_zone": "Europe/Berlin"}, "pgbouncer", POOLED)[0].startswith(
        "postgres.external.pgbouncer: sessions have the time zone Europe/Berlin"
    )
    assert postgres(FACTS | {"time_zone": "Etc/UTC"}, "pgbouncer", POOLED) == []


def test_one_cause_is_said_once() -> None:
    wrong = {"error": "FATAL:  password authentication failed"}
    found = postgres_findings.refusals(POOLED, {"postgres": wrong, "pgbouncer": wrong, "read_replica": wrong}, NEEDS)
    assert list(found) == ["postgres_password: db:5432 refuses the user litellm with this password"]
    away = {"error": "Connection refused"}
    found = postgres_findings.refusals(POOLED, {"postgres": away, "pgbouncer": away}, NEEDS)
    assert [line.partition(":")[0] for line in found] == [
        "postgres.external.host",
        "postgres.external.pgbouncer.host",
    ]


def test_connections_are_counted_where_pools_end() -> None:
    few = FACTS | {"max_connections": 20}
    assert postgres(few, "postgres", POOLED) == []
    assert postgres(few, "read_replica", POOLED)[0].startswith("postgres.external.read_replica: reader:5432 takes 20")


def test_read_replica_without_tls_of_its_own_has_the_server_s() -> None:
    (sentence,) = postgres({"error": "server does not support SSL"}, "read_replica", POOLED)
    assert sentence == "postgres.external.tls.mode: reader:5432 offers no TLS"


REDIS = ExternalRedisSettings.model_validate({"host": "cache", "tls": TLS})
CLUSTER = ExternalRedisSettings.model_validate({"startup_nodes": [{"host": "a"}, {"host": "b"}], "tls": TLS})
SENTINELS = ExternalRedisSettings.model_validate(
    {"sentinel_nodes": [{"host": "a", "port": 26379}], "service_name": "main", "username": "gateway", "tls": TLS}
)


@pytest.mark.parametrize(
    ("settings", "facts", "words"),
    [
        (REDIS, {"redis_version": "6.2.14"}, "redis.external: cache:6379 is Redis 6.2.14, too old; 7.0 or newer is"),
        (REDIS, {"cluster_enabled": 1}, "redis.external.host: cache:6379 is a node of a Redis Cluster; name its nodes"),
        (REDIS, {"role": "slave"}, "redis.external.host: cache:6379 is a replica, which takes no writes; name the mas"),
        (REDIS, {"error": "Timeout connecting"}, "redis.external.host: cache:6379 does not answer the engine's contai"),
        (REDIS, {"error": "AuthenticationError: x"}, "redis_password: cache:6379 refuses the user default with this"),
        (REDIS, {"error": "Hostname mismatch"}, "redis.external.host: the certificate of cache:6379 has another name"),
        (REDIS, {"error": "CERTIFICATE_VERIFY_FAILED"}, "redis.external.tls.ca_file: does not verify the certificate"),
        (REDIS, {"error": "WRONG_VERSION_NUMBER"}, "redis.external.tls.mode: cache:6379 offers no TLS"),
        (CLUSTER, {"error": "cluster support disabled"}, "redis.external.startup_nodes: a:6379, b:6379 is no Redis Cl"),
        (CLUSTER, {"error": "Connection refused"}, "redis.external.startup_nodes: a:6379, b:6379 does not answer"),
        (SENTINELS, {"error": "MasterNotFoundError: x"}, "redis.external.service_name: a:26379 know no master main"),
        (SENTINELS, {"error": "NOPERM"}, "redis.external.username: a:26379 forbids gateway what LiteLLM does: NOPERM"),
        (REDIS, {"error": "what nobody knows"}, "redis.external: cache:6379 cannot be used: what nobody knows"),
    ],
)
def test_fault_of_a_redis_is_one_sentence(settings: ExternalRedisSettings, facts: dict[str, Any], words: str) -> None:
    (sentence,) = redis_findings.refusals(settings, REDIS_FACTS | facts)
    assert sentence.startswith(words)


def test_redis_that_wants_tls_is_named_by_its_mode() -> None:
    plain = ExternalRedisSettings.model_validate({"host": "cache", "tls": {"mode": "disable"}})
    (sentence,) = redis_findings.refusals(plain, {"error": "ConnectionError: Connection closed by server."})
    assert sentence == "redis.external.tls.mode: cache:6379 closes a connection without TLS"


def test_good_redis_is_accepted() -> None:
    assert list(redis_findings.refusals(REDIS, REDIS_FACTS)) == []
    assert list(redis_findings.warnings(REDIS, REDIS_FACTS)) == []
    assert list(redis_findings.refusals(CLUSTER, REDIS_FACTS | {"cluster_enabled": 1})) == []


def test_redis_that_loses_state_is_a_warning() -> None:
    lossy = REDIS_FACTS | {"maxmemory_policy": "allkeys-lru", "aof_enabled": 0}
    first, second = redis_findings.warnings(REDIS, lossy)
    assert first.startswith("redis.external: cache:6379 drops limits and spend when it is full")
    assert second.startswith("redis.external: cache:6379 has no append-only file")
