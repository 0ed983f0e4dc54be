"""Prometheus as a service, and which stacks have monitoring."""

from dataclasses import replace
from typing import Any
from unittest.mock import Mock

import pytest

from components.data import postgres, redis
from components.data.postgres import PostgresSettings
from components.data.redis import RedisSettings
from components.engine.workload import Network, Replacement, Service, Volume
from components.monitoring import alert_rules, prometheus
from components.monitoring.component import (
    Monitoring,
    MonitoringArgs,
    ports,
    prometheus_service,
    scrape_jobs,
    thresholds,
)
from components.monitoring.settings import MonitoringSettings
from tests.unit.components.workloads import NO_ENGINE
from tests.unit.program import program_of, record, run, stack_config

CONTAINERS = {"prometheus", "postgres-exporter", "redis-exporter"}


def arguments(**settings: Any) -> MonitoringArgs:
    return MonitoringArgs(
        MonitoringSettings(**settings),
        {"prometheus": "prometheus:2", "postgres_exporter": "exporter:1", "redis_exporter": "exporter:1"},
        stack="test",
        replicas=2,
        tls_name=None,
        database=postgres.connection(PostgresSettings(), "hush"),
        redis=redis.connection(RedisSettings(), "hush"),
        engine=NO_ENGINE,
    )


def server(**settings: Any) -> Service:
    return prometheus_service(arguments(**settings), "data-volume")


@pytest.mark.parametrize(("stack", "monitored"), [("dev", False), ("staging", True), ("prod", True)])
def test_stacks_that_others_rely_on_are_monitored(stack: str, monitored: bool) -> None:  # noqa: FBT001
    containers = program_of(stack).containers
    assert CONTAINERS & containers.keys() == (CONTAINERS if monitored else set())
    assert ("GATEWAY_METRICS_PORT=4003" in containers["litellm-1"]["envs"]) is monitored
    assert ("prometheus" in program_of(stack).files("litellm-config")["/etc/gateway/config.yaml"]) is monitored


def test_grafana_runs_with_the_vendors_images(monkeypatch: pytest.MonkeyPatch) -> None:
    assert "grafana" in program_of("prod").containers
    off = stack_config("prod") | {"gateway:monitoring": {"enabled": True, "grafana": {"enabled": False}}}
    assert "grafana" not in run(monkeypatch, "prod", off).containers
    built = stack_config("prod") | {"gateway:images": {"source": "built"}}
    assert "grafana" not in run(monkeypatch, "prod", built).containers


def test_grafana_that_cannot_be_built_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monitoring = {"enabled": True, "grafana": {"enabled": True}}
    config = stack_config("prod") | {"gateway:images": {"source": "built"}, "gateway:monitoring": monitoring}
    with pytest.raises(Exception, match=r"monitoring\.grafana\.enabled: no image of Grafana is built here; set images"):
        run(monkeypatch, "prod", config)


def test_stack_without_redis_has_no_exporter_of_it(monkeypatch: pytest.MonkeyPatch) -> None:
    config = stack_config("dev") | {"gateway:monitoring": {"enabled": True}, "gateway:redis": {"enabled": False}}
    config["gateway:litellm"]["config"]["use_redis_transaction_buffer"] = False
    program = run(monkeypatch, "dev", config)
    assert CONTAINERS & program.containers.keys() == CONTAINERS - {"redis-exporter"}
    assert "redis-exporter" not in program.files("prometheus-config")["/etc/gateway/prometheus.yml"]


def test_rules_expect_the_stack_s_replicas(monkeypatch: pytest.MonkeyPatch) -> None:
    config = stack_config("prod")
    config["gateway:litellm"] = config["gateway:litellm"] | {"replicas": 3}
    config["gateway:postgres"] = {"memory_mib": 4096, "max_connections": "auto"}
    rules = run(monkeypatch, "prod", config).files("prometheus-config")["/etc/gateway/rules.yml"]
    assert 'haproxy_backend_active_servers{proxy="litellm"} < 3' in rules


def test_exporters_wait_for_what_they_read(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("postgres-exporter", "redis-exporter"):
        assert {"postgres", "redis"} <= program_of("prod").waits_for(name)


def test_prometheus_beside_the_stack_gets_jobs_and_rules_instead(monkeypatch: pytest.MonkeyPatch) -> None:
    started, watched = list[str](), list[Any]()
    external = Mock(labels={"namespace": "gateway-test"}, watch=lambda *given: watched.extend(given))
    engine = Mock(prometheus=external, create_volume=None, run=lambda service, *_: started.append(service.name))
    args = replace(arguments(scrape_interval=20), engine=engine)
    record(monkeypatch, "test", lambda: Monitoring("monitoring", args))
    assert started == ["postgres-exporter", "redis-exporter"]
    jobs, rules, scrape_interval, _ = watched
    limits = replace(thresholds(args.settings, 2), labels={"namespace": "gateway-test"})
    assert (jobs, rules, scrape_interval) == (scrape_jobs(args), alert_rules.document(limits), 20)


def test_prometheus_cannot_reach_postgres_or_redis() -> None:
    assert server().networks == (Network.FRONT,)


def test_settings_reach_prometheus() -> None:
    settings = {"memory_mib": 700, "scrape_interval": 20, "latency_p95": 9.5, "error_percent": 2}
    assert server(**settings).memory_mib == 700
    assert server(**settings).config == {
        "prometheus.yml": prometheus.text("test", 20, scrape_jobs(arguments())),
        "rules.yml": alert_rules.text(thresholds(MonitoringSettings(**settings), 2)),
    }


def test_every_threshold_is_its_setting() -> None:
    settings = MonitoringSettings(
        rate_window=99, error_percent=2, latency_p95=3, database_gib=4, certificate_days=8, alert_after=5
    )
    assert thresholds(settings, replicas=6) == alert_rules.Thresholds(
        replicas=6, window=99, error_percent=2, latency=3, database_gib=4, certificate_days=8, hold=5
    )


def test_readings_are_on_a_volume_and_bounded_in_age_and_size() -> None:
    assert server().volumes == (Volume("data-volume", "/prometheus"),)
    assert server().replacement is Replacement.DELETE_BEFORE_CREATE
    command = server(retention_days=3, retention_gib=2).command
    assert {"--storage.tsdb.retention.time=3d", "--storage.tsdb.retention.size=2GB"} <= set(command)


def test_prometheus_has_a_host_port_only_when_set() -> None:
    assert server().ports == ()
    assert [(port.internal, port.external, port.address, port.setting) for port in server(port=9191).ports] == [
        (9090, 9191, "127.0.0.1", "monitoring.port")
    ]
    assert ports(MonitoringSettings(port=9191)) == server(port=9191).ports
