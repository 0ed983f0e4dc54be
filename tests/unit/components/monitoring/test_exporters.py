"""The exporters as services."""

import json

import pytest

from components.data import postgres, redis
from components.engine.workload import Network, Service
from components.monitoring.exporters import MEMORY_MIB, postgres_exporter, redis_exporter
from tests.unit.components.outputs import with_secrets

OWN_POSTGRES = with_secrets(lambda: postgres_exporter("exporter:1", postgres.own_connection("hush")))
OWN_REDIS = with_secrets(lambda: redis_exporter("exporter:1", redis.own_connection("hush")))
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
