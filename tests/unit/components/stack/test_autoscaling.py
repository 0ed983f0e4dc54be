"""Between which numbers the replicas of a cluster scale, and what that needs."""

from typing import Any

import pytest

from components.engine.engine import NameService
from components.stack import sizing
from components.stack.autoscaling import autoscaling, prometheus_clients, refusals
from components.stack.parts import PARTS
from components.stack.settings import Settings

CLUSTER = NameService("cluster", None, ".gateway-test.svc.cluster.local")
OWN_PROMETHEUS = "http://prometheus.gateway-test.svc.cluster.local:9090"
OTHER_PROMETHEUS = "https://prometheus.example.com"


def stack(*, monitoring: bool = True, replicas: int = 2, **scaling: Any) -> Settings:
    return Settings.model_validate(
        {
            "engine": "kubernetes",
            "kubernetes": {"context": "test", "autoscaling": {"max_replicas": 8, **scaling}},
            "images": {"source": "official"},
            "litellm": {"replicas": replicas, "memory_mib": 4096},
            "monitoring": {"enabled": monitoring},
        }
    )


def test_number_is_fixed_without_the_setting() -> None:
    fixed = Settings.model_validate({"litellm": {"replicas": 3}})
    assert (autoscaling(fixed, CLUSTER), prometheus_clients(fixed), refusals(fixed)) == (None, (), [])
    assert fixed.max_replicas == 3


def test_replica_should_carry_half_of_what_it_may() -> None:
    given = stack()
    found = autoscaling(given, CLUSTER)
    assert found is not None
    assert (found.max_replicas, found.target) == (8, given.replica_concurrency // 2)
    assert found.prometheus_url == OWN_PROMETHEUS


def test_settings_choose_the_target_and_the_prometheus() -> None:
    given = stack(monitoring=False, requests_per_replica=20, prometheus_url=OTHER_PROMETHEUS, scale_down_delay=60)
    found = autoscaling(given, CLUSTER)
    assert found is not None
    assert (found.target, found.prometheus_url, found.scale_down_delay) == (20, OTHER_PROMETHEUS, 60)
    assert refusals(given) == []


def test_only_the_own_prometheus_is_opened_for_keda() -> None:
    assert prometheus_clients(stack(keda_namespace="scaling")) == ("scaling",)
    assert prometheus_clients(stack(prometheus_url=OTHER_PROMETHEUS)) == ()


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        (stack(replicas=8), "max_replicas: should be more than litellm.replicas 8, the least number"),
        (stack(monitoring=False), "prometheus_url: is missing; set it, or monitoring.enabled to have a Prometheus"),
        (stack(requests_per_replica=9000), "requests_per_replica: a replica is never asked for more than"),
    ],
    ids=["nothing-to-scale", "no-prometheus", "target-out-of-reach"],
)
def test_autoscaling_that_cannot_work_is_refused(given: Settings, sentence: str) -> None:
    (found,) = refusals(given)
    assert found.startswith(f"kubernetes.autoscaling.{sentence}")


def test_sizes_hold_for_the_most_replicas() -> None:
    fixed = stack(replicas=8).model_copy(update={"kubernetes": None})
    assert sizing.connections_needed(stack()) == sizing.connections_needed(fixed)
    (litellm,) = [part for part in PARTS if part.name == "litellm"]
    assert len(litellm.containers(stack())) == 8
