"""The workloads that watch a stack, and which stacks have them."""

import json
from typing import Any

import pytest
from pydantic import ValidationError

from components.engine.workload import Network, Replacement, Volume, Workload
from components.litellm.component import PORT
from components.litellm.component import workload as replica
from components.litellm.environment import METRICS_ENVIRONMENT, METRICS_PORT
from components.litellm.settings import LiteLLMSettings
from components.litellm.worker.start import AGENT_PORT
from components.monitoring.component import MonitoringSettings, prometheus
from components.monitoring.exporters import postgres_exporter, redis_exporter
from tests.unit.conftest import program_of
from tests.unit.program import run, stack_config

EXPORTERS = [postgres_exporter("exporter:1", "hush"), redis_exporter("exporter:1", "hush")]
PARTS = {"prometheus", "postgres-exporter", "redis-exporter"}


def server(**settings: Any) -> Workload:
    return prometheus(MonitoringSettings(**settings), "prometheus:2", "jobs", "rules", "data-volume")


@pytest.mark.parametrize(("stack", "watched"), [("dev", False), ("staging", True), ("prod", True)])
def test_stacks_that_others_rely_on_are_watched(stack: str, watched: bool) -> None:  # noqa: FBT001
    containers = program_of(stack).containers
    assert PARTS & containers.keys() == (PARTS if watched else set())
    assert ("PROMETHEUS_METRICS_PORT=4003" in containers["litellm-1"]["envs"]) is watched
    assert ("prometheus" in program_of(stack).files("litellm-config")["/etc/gateway/config.yaml"]) is watched


def test_grafana_runs_where_the_vendors_images_do(monkeypatch: pytest.MonkeyPatch) -> None:
    assert "grafana" in program_of("prod").containers
    off = stack_config("prod") | {"gateway:monitoring": {"enabled": True, "grafana": {"enabled": False}}}
    assert "grafana" not in run(monkeypatch, "prod", off).containers
    built = stack_config("prod") | {"gateway:images": {"source": "built"}}
    assert "grafana" not in run(monkeypatch, "prod", built).containers


def test_a_grafana_that_cannot_be_built_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monitoring = {"enabled": True, "grafana": {"enabled": True}}
    config = stack_config("prod") | {"gateway:images": {"source": "built"}, "gateway:monitoring": monitoring}
    with pytest.raises(Exception, match=r"monitoring\.grafana\.enabled: no image of Grafana is built here; set images"):
        run(monkeypatch, "prod", config)


def test_a_stack_without_redis_has_no_exporter_of_it(monkeypatch: pytest.MonkeyPatch) -> None:
    config = stack_config("dev") | {"gateway:monitoring": {"enabled": True}, "gateway:redis": {"enabled": False}}
    config["gateway:litellm"]["config"]["use_redis_transaction_buffer"] = False
    program = run(monkeypatch, "dev", config)
    assert PARTS & program.containers.keys() == PARTS - {"redis-exporter"}
    assert "redis-exporter" not in program.files("prometheus-config")["/etc/gateway/prometheus.yml"]


def test_the_rules_expect_as_many_replicas_as_the_stack_has(monkeypatch: pytest.MonkeyPatch) -> None:
    config = stack_config("prod")
    config["gateway:litellm"] = config["gateway:litellm"] | {"replicas": 3}
    config["gateway:postgres"] = {"memory": 4096, "max_connections": "auto"}
    rules = run(monkeypatch, "prod", config).files("prometheus-config")["/etc/gateway/rules.yml"]
    assert 'haproxy_backend_active_servers{proxy="litellm"} < 3' in rules


def test_prometheus_reaches_neither_postgres_nor_redis_itself() -> None:
    assert server().networks == (Network.FRONT,)


def test_readings_stand_on_a_volume_and_are_bounded_in_age_and_size() -> None:
    assert server().volumes == (Volume("data-volume", "/prometheus"),)
    assert server().replacement is Replacement.DELETE_BEFORE_CREATE
    command = server(retention_days=3, retention_gib=2).command
    assert {"--storage.tsdb.retention.time=3d", "--storage.tsdb.retention.size=2GB"} <= set(command)


def test_prometheus_has_no_host_port_unless_asked_and_then_on_loopback() -> None:
    assert server().ports == ()
    assert [(port.internal, port.external, port.address) for port in server(port=9191).ports] == [
        (9090, 9191, "127.0.0.1")
    ]


def test_a_rate_is_taken_over_at_least_four_readings() -> None:
    with pytest.raises(ValidationError, match="rate_window: should be at least 240, four scrape intervals"):
        MonitoringSettings(scrape_interval=60, rate_window=239)


@pytest.mark.parametrize("exporter", EXPORTERS, ids=lambda exporter: exporter.name)
def test_an_exporter_s_password_is_a_secret_file_and_nothing_else(exporter: Workload) -> None:
    assert "hush" in "".join(str(text) for text in exporter.secrets.values())
    assert "hush" not in str(dict(exporter.environment)) + str(exporter.command) + str(dict(exporter.config))
    (name,) = exporter.secrets
    assert f"/run/secrets/{name}" in exporter.environment.values()


def test_the_redis_exporter_s_password_is_named_by_its_address() -> None:
    exporter = redis_exporter("exporter:1", "hush")
    assert json.loads(str(exporter.secrets["passwords.json"])) == {exporter.environment["REDIS_ADDR"]: "hush"}


@pytest.mark.parametrize("exporter", EXPORTERS, ids=lambda exporter: exporter.name)
def test_an_exporter_joins_what_it_watches_with_who_asks_it(exporter: Workload) -> None:
    assert set(exporter.networks) == {Network.DATA, Network.FRONT}
    assert exporter.ports == ()


def test_a_replica_that_is_asked_carries_what_folds_its_workers_metrics() -> None:
    asked = replica(LiteLLMSettings(), "litellm:1", "", "", 1, metrics=True)
    assert asked.environment.items() >= METRICS_ENVIRONMENT.items()
    assert asked.environment["LITELLM_WORKER_STARTUP_HOOKS"] == "redis_log:start,worker_metrics:start"
    assert "def start() -> None:" in str(asked.programs["worker_metrics.py"])
    assert asked.environment["PYTHONPATH"] == "/opt/gateway"
    assert asked.ports == ()


def test_metrics_and_the_edge_s_question_have_ports_of_their_own() -> None:
    assert METRICS_PORT not in (PORT, AGENT_PORT)


def test_a_replica_that_nobody_asks_counts_nothing() -> None:
    silent = replica(LiteLLMSettings(), "litellm:1", "", "", 1)
    assert not METRICS_ENVIRONMENT.keys() & silent.environment.keys()
    assert "worker_metrics.py" not in silent.config
