"""The exporters as services."""

import json

import pytest

from components.data import postgres, redis
from components.data.postgres import PostgresSettings
from components.data.postgres_connection import PostgresConnection, PostgresServer
from components.data.redis import RedisSettings
from components.data.redis_connection import RedisConnection
from components.data.tls import Tls, TlsMode
from components.engine.workload import HttpGet, Network, Service
from components.monitoring.exporters import MEMORY_MIB, postgres_exporter, redis_exporter
from tests.unit.components.outputs import with_secrets

OWN_POSTGRES = with_secrets(lambda: postgres_exporter("exporter:1", postgres.connection(PostgresSettings(), "hush")))
OWN_REDIS = with_secrets(lambda: redis_exporter("exporter:1", redis.connection(RedisSettings(), "hush")))
EXPORTERS = pytest.mark.parametrize(
    "exporter",
    [OWN_POSTGRES, OWN_REDIS],
    ids=lambda exporter: exporter.name,
)


@EXPORTERS
def test_exporter_s_password_is_a_secret_file(exporter: Service) -> None:
    assert "hush" in "".join(str(text) for text in exporter.secrets.values())
    assert "hush" not in str(dict(exporter.environment)) + str(exporter.command) + str(dict(exporter.config))
    (name,) = exporter.secrets
    assert f"/run/secrets/{name}" in exporter.environment.values()


def test_redis_exporter_s_password_belongs_to_its_address() -> None:
    assert OWN_REDIS.environment["REDIS_ADDR"] == "redis://redis:6379"
    assert json.loads(str(OWN_REDIS.secrets["passwords.json"])) == {"redis://redis:6379": "hush"}


@EXPORTERS
def test_exporter_joins_both_networks_and_publishes_nothing(exporter: Service) -> None:
    assert set(exporter.networks) == {Network.DATA, Network.FRONT}
    assert exporter.ports == ()


@EXPORTERS
def test_exporter_has_a_memory_limit(exporter: Service) -> None:
    assert exporter.memory_mib == MEMORY_MIB


@EXPORTERS
def test_health_check_reads_no_metrics(exporter: Service) -> None:
    assert exporter.health.command[-1].endswith("/")
    assert "metrics" not in str(exporter.health.command)
    assert exporter.health.request == HttpGet(exporter.listens[0], "/")


CA = Tls(TlsMode.VERIFY_FULL, "ca.pem", "certificates")


def test_exporters_of_external_servers_leave_the_data_network() -> None:
    server = PostgresServer("db.example.com", 5433, CA)
    connection = PostgresConnection(server, "gateway_db", "my user", "hush", external=True)
    exporter = with_secrets(lambda: postgres_exporter("exporter:1", connection))
    assert exporter.networks == (Network.FRONT,)
    assert exporter.host_gateway
    verified = "sslmode=verify-full&sslrootcert=/etc/gateway/ca.pem"
    assert exporter.environment["DATA_SOURCE_URI"] == f"db.example.com:5433/gateway_db?{verified}"
    assert exporter.config == {"ca.pem": "certificates"}


def test_exporter_of_an_external_redis_has_its_user_and_authorities() -> None:
    connection = RedisConnection([("cache.example.com", 6380)], "hush", external=True, username="gateway", tls=CA)
    exporter = with_secrets(lambda: redis_exporter("exporter:1", connection))
    assert exporter.networks == (Network.FRONT,)
    assert exporter.environment["REDIS_ADDR"] == "rediss://cache.example.com:6380"
    assert exporter.environment["REDIS_USER"] == "gateway"
    assert exporter.environment["REDIS_EXPORTER_TLS_CA_CERT_FILE"] == "/etc/gateway/ca.pem"
    assert json.loads(str(exporter.secrets["passwords.json"])) == {
        "rediss://cache.example.com:6380": "hush",
        "rediss://gateway@cache.example.com:6380": "hush",
    }


def test_exporter_of_an_unverified_cluster_reads_its_first_node() -> None:
    plain = Tls(TlsMode.REQUIRE, "ca.pem", None)
    connection = RedisConnection([("a", 7000), ("b", 7000)], None, external=True, tls=plain, cluster=True)
    environment = with_secrets(lambda: redis_exporter("exporter:1", connection)).environment
    assert environment["REDIS_ADDR"] == "rediss://a:7000"
    assert environment["REDIS_EXPORTER_IS_CLUSTER"] == environment["REDIS_EXPORTER_SKIP_TLS_VERIFICATION"] == "true"
