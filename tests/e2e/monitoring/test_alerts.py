"""Alerts fire when a part of the running gateway is down, and resolve when it is back."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial

import httpx

from components.monitoring.alert_rules import rules
from components.monitoring.component import thresholds
from components.monitoring.settings import MonitoringSettings
from testbed.completion import MODEL
from testbed.container import healthy
from testbed.mock_provider import mock_provider
from testbed.project import Project
from testbed.wait import wait_until
from tests.e2e.monitoring.callers import four_callers, send
from tests.e2e.monitoring.prometheus import ALERT_SECONDS, Prometheus

HEALTHY_SECONDS = 300
"""For a part to be healthy again on a busy machine."""
ALL = {rule.name for rule in rules(thresholds(MonitoringSettings(), replicas=2))}


@contextmanager
def restarted(gateway: Project, *workloads: str) -> Iterator[None]:
    """Start these parts at the end, in this order, and wait until they are healthy."""
    containers = [gateway.container(workload) for workload in workloads]
    try:
        yield
    finally:
        for container in containers:
            container.start()
        for container in containers:
            wait_until(partial(healthy, container), HEALTHY_SECONDS)


def test_nothing_fires_while_all_is_well(prometheus: Prometheus) -> None:
    assert len(ALL) > 10
    prometheus.wait_for_alerts(rest=ALL, seconds=2 * ALERT_SECONDS)


def test_an_outage_of_a_provider_fires_and_resolves(
    gateway: Project, proxy: httpx.Client, prometheus: Prometheus
) -> None:
    alerts = {"ProviderFailing", "ErrorsHigh"}
    # Each request takes as long as its retries: the callers keep on.
    with restarted(gateway, "provider"), four_callers(proxy):
        gateway.container("provider").kill()
        prometheus.wait_for_alerts(fire=alerts, seconds=2 * ALERT_SECONDS)
    prometheus.wait(lambda: 200 in send(proxy, 4))
    prometheus.wait_for_alerts(rest=alerts, seconds=2 * ALERT_SECONDS)


def test_a_provider_that_refuses_its_key_fires_and_resolves(
    gateway: Project, proxy: httpx.Client, prometheus: Prometheus
) -> None:
    alerts = {"ProviderFailing"}
    with mock_provider(gateway) as mock, four_callers(proxy):
        mock.fail({MODEL: "authentication"})
        prometheus.wait_for_alerts(fire=alerts, seconds=2 * ALERT_SECONDS)
    prometheus.wait(lambda: send(proxy, 8) == [200] * 8, 2 * ALERT_SECONDS)
    prometheus.wait_for_alerts(rest=alerts, seconds=2 * ALERT_SECONDS)


def test_a_stopped_redis_fires_and_resolves(gateway: Project, prometheus: Prometheus) -> None:
    with restarted(gateway, "redis"):
        gateway.container("redis").stop()
        prometheus.wait_for_alerts(fire={"RedisDown"})
    prometheus.wait_for_alerts(rest={"RedisDown"})


def test_stopped_replicas_and_postgres_fire_and_resolve(gateway: Project, prometheus: Prometheus) -> None:
    with restarted(gateway, "postgres", "litellm-1", "litellm-2"):
        gateway.container("litellm-2").kill()
        prometheus.wait_for_alerts(fire={"ReplicaDown"}, rest={"NoReplica"})
        gateway.container("postgres").stop()
        # A replica without its database serves the keys that it knows.
        prometheus.wait_for_alerts(fire={"PostgresDown"}, rest={"NoReplica"})
        gateway.container("litellm-1").kill()
        prometheus.wait_for_alerts(fire={"NoReplica"})
    prometheus.wait_for_alerts(rest={"PostgresDown", "NoReplica", "ReplicaDown"}, seconds=2 * ALERT_SECONDS)
