"""Between which numbers the replicas of a cluster scale, and what that needs."""

from types import SimpleNamespace
from typing import Any, cast

import pytest

from components.edge.settings import EdgeSettings
from components.engine.engine import Engine, NameService
from components.engine.kubernetes.settings import AutoscalingSettings
from components.monitoring.autoscaling import autoscaling, prometheus_clients, reachable, refusals
from components.stack import sizing
from components.stack.checks import cluster
from components.stack.parts import PARTS
from components.stack.settings import Settings

DOMAIN = NameService("cluster", None, ".gateway-test.svc.cluster.local")
CLUSTER = cast("Engine", SimpleNamespace(name_service=DOMAIN, prometheus=None))
SHARED = cast("Engine", SimpleNamespace(name_service=DOMAIN, prometheus=SimpleNamespace(labels={"namespace": "blue"})))
OTHER_PROMETHEUS = "https://prometheus.example.com"
SETTINGS = AutoscalingSettings(max_replicas=8)


def stack(*, replicas: int = 2, **scaling: Any) -> Settings:
    return Settings.model_validate(
        {
            "engine": "kubernetes",
            "kubernetes": {"context": "test", "autoscaling": {"max_replicas": 8, **scaling}},
            "images": {"source": "official"},
            "litellm": {"replicas": replicas},
            "monitoring": {"enabled": True},
        }
    )


def test_replica_should_carry_what_keeps_its_workers_busy() -> None:
    found = autoscaling(SETTINGS, 2, 300, CLUSTER)
    assert (found.max_replicas, found.target) == (8, 2 * 24)
    assert autoscaling(SETTINGS, 2, 30, CLUSTER).target == 30, "it never gets more"
    assert found.prometheus_url == "http://prometheus.gateway-test.svc.cluster.local:9090"


def test_replica_gets_the_places_that_are_everybody_s() -> None:
    shared, alone = EdgeSettings(), EdgeSettings(fair_share_percent=100)
    assert (reachable(shared, 300), reachable(alone, 300)) == (100, 300)


def test_settings_choose_the_target_and_the_prometheus() -> None:
    given = AutoscalingSettings(
        max_replicas=8, requests_per_replica=20, prometheus_url=OTHER_PROMETHEUS, scale_down_delay=60
    )
    found = autoscaling(given, 1, 300, CLUSTER)
    assert (found.target, found.prometheus_url, found.scale_down_delay) == (20, OTHER_PROMETHEUS, 60)
    assert refusals(given, 2, 300, monitored=True, own_prometheus=False) == []


def test_prometheus_of_many_is_asked_for_the_series_of_the_stack() -> None:
    assert 'namespace="blue"' in autoscaling(SETTINGS, 1, 300, SHARED).query
    assert "namespace" not in autoscaling(SETTINGS, 1, 300, CLUSTER).query


def test_only_the_own_prometheus_is_opened_for_keda() -> None:
    assert prometheus_clients(None) == ()
    assert prometheus_clients(AutoscalingSettings(max_replicas=8, keda_namespace="scaling")) == ("scaling",)
    assert prometheus_clients(AutoscalingSettings(max_replicas=8, prometheus_url=OTHER_PROMETHEUS)) == ()


@pytest.mark.parametrize(
    ("changes", "replicas", "monitored", "own", "sentence"),
    [
        ({}, 8, True, True, ".max_replicas: should be more than litellm.replicas 8, the least number"),
        ({"requests_per_replica": 301}, 2, True, True, ".requests_per_replica: a replica gets 300 requests at once"),
        ({}, 2, False, False, ": needs a Prometheus; set monitoring.enabled to true"),
        ({}, 2, True, False, ".prometheus_url: is missing; it is the Prometheus of kubernetes.prometheus_operator"),
        (
            {"prometheus_url": OTHER_PROMETHEUS},
            2,
            True,
            True,
            ".prometheus_url: belongs to kubernetes.prometheus",
        ),
    ],
    ids=["nothing-to-scale", "target-out-of-reach", "no-metrics", "operator-without-url", "url-without-operator"],
)
def test_autoscaling_that_cannot_work_is_refused(
    changes: dict[str, Any], replicas: int, *, monitored: bool, own: bool, sentence: str
) -> None:
    given = AutoscalingSettings.model_validate({"max_replicas": 8, **changes})
    (found,) = refusals(given, replicas, 300, monitored=monitored, own_prometheus=own)
    assert found.startswith(f"kubernetes.autoscaling{sentence}")


def test_stack_whose_replicas_cannot_scale_is_refused() -> None:
    assert cluster.refusals(stack()) == []
    (found,) = cluster.refusals(stack(replicas=8))
    assert found.startswith("kubernetes.autoscaling.max_replicas: ")


def test_sizes_hold_for_the_most_replicas() -> None:
    given = stack()
    assert sizing.max_connections(given) == sizing.connections_needed(given.litellm, 8)
    (litellm,) = [part for part in PARTS if part.name == "litellm"]
    assert litellm.most_containers(given) == 8
    assert len(litellm.containers(given)) == 2, "health misses no replica that the load does not need"
