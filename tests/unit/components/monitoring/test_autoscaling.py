"""Between which numbers the replicas of a cluster scale, and what that needs."""

from types import SimpleNamespace
from typing import Any, cast

import pytest

from components.engine.engine import Engine, NameService
from components.engine.kubernetes.settings import AutoscalingSettings
from components.monitoring.autoscaling import autoscaling, prometheus_clients, refusals
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


def test_replica_should_carry_half_of_what_it_may() -> None:
    found = autoscaling(SETTINGS, 300, CLUSTER)
    assert (found.max_replicas, found.target) == (8, 150)
    assert found.prometheus_url == "http://prometheus.gateway-test.svc.cluster.local:9090"


def test_settings_choose_the_target_and_the_prometheus() -> None:
    given = AutoscalingSettings(
        max_replicas=8, requests_per_replica=20, prometheus_url=OTHER_PROMETHEUS, scale_down_delay=60
    )
    found = autoscaling(given, 300, CLUSTER)
    assert (found.target, found.prometheus_url, found.scale_down_delay) == (20, OTHER_PROMETHEUS, 60)
    assert refusals(given, 2, 300, own_prometheus=False) == []


def test_prometheus_of_many_is_asked_for_the_series_of_the_stack() -> None:
    assert 'namespace="blue"' in autoscaling(SETTINGS, 300, SHARED).query
    assert "namespace" not in autoscaling(SETTINGS, 300, CLUSTER).query


def test_only_the_own_prometheus_is_opened_for_keda() -> None:
    assert prometheus_clients(None) == ()
    assert prometheus_clients(AutoscalingSettings(max_replicas=8, keda_namespace="scaling")) == ("scaling",)
    assert prometheus_clients(AutoscalingSettings(max_replicas=8, prometheus_url=OTHER_PROMETHEUS)) == ()


@pytest.mark.parametrize(
    ("replicas", "each", "own_prometheus", "sentence"),
    [
        (8, None, True, "max_replicas: should be more than litellm.replicas 8, the least number"),
        (2, None, False, "prometheus_url: is missing; set it, or monitoring.enabled to have a Prometheus"),
        (2, 301, True, "requests_per_replica: a replica is never asked for more than 300 at once"),
    ],
    ids=["nothing-to-scale", "no-prometheus", "target-out-of-reach"],
)
def test_autoscaling_that_cannot_work_is_refused(
    replicas: int, each: int | None, *, own_prometheus: bool, sentence: str
) -> None:
    given = AutoscalingSettings(max_replicas=8, requests_per_replica=each)
    (found,) = refusals(given, replicas, 300, own_prometheus=own_prometheus)
    assert found.startswith(f"kubernetes.autoscaling.{sentence}")


def test_stack_whose_replicas_cannot_scale_is_refused() -> None:
    assert cluster.refusals(stack()) == []
    (found,) = cluster.refusals(stack(replicas=8))
    assert found.startswith("kubernetes.autoscaling.max_replicas: ")


def test_sizes_hold_for_the_most_replicas() -> None:
    given = stack()
    assert sizing.max_connections(given) == sizing.connections_needed(given.litellm, 8)
    (litellm,) = [part for part in PARTS if part.name == "litellm"]
    assert len(litellm.containers(given)) == 8
