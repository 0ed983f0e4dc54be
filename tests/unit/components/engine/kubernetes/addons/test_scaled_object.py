"""How KEDA chooses the number of replicas."""

from components.engine.kubernetes.addons.scaled_object import scaled_object
from components.engine.workload import Autoscaling
from tests.unit.components.cluster import LABELS, METADATA

AUTOSCALING = Autoscaling(
    max_replicas=8, query="sum(requests)", target=40, prometheus_url="http://prometheus:9090", scale_down_delay=300
)
MANIFEST = scaled_object(METADATA, "web-1", 2, AUTOSCALING)


def test_object_names_the_deployment_and_both_numbers() -> None:
    assert MANIFEST["metadata"] == {
        "name": "web-1",
        "namespace": "gateway-test",
        "labels": LABELS,
        "annotations": {"pulumi.com/waitFor": '["condition=Ready"]'},
    }
    spec = MANIFEST["spec"]
    assert spec["scaleTargetRef"] == {"name": "web-1"}
    assert (spec["minReplicaCount"], spec["maxReplicaCount"]) == (2, 8)


def test_number_follows_what_each_replica_carries() -> None:
    (trigger,) = MANIFEST["spec"]["triggers"]
    assert (trigger["type"], trigger["metricType"]) == ("prometheus", "AverageValue")
    assert trigger["metadata"] == {
        "serverAddress": "http://prometheus:9090",
        "query": "sum(requests)",
        "threshold": "40",
        "ignoreNullValues": "false",
    }


def test_no_replica_stops_because_prometheus_is_away() -> None:
    assert MANIFEST["spec"]["fallback"] == {
        "failureThreshold": 3,
        "replicas": 2,
        "behavior": "currentReplicasIfHigher",
    }


def test_replicas_start_at_once_and_stop_one_by_one() -> None:
    behavior = MANIFEST["spec"]["advanced"]["horizontalPodAutoscalerConfig"]["behavior"]
    assert behavior["scaleUp"]["stabilizationWindowSeconds"] == 0
    assert behavior["scaleDown"]["stabilizationWindowSeconds"] == 300
    assert behavior["scaleDown"]["policies"] == [{"type": "Pods", "value": 1, "periodSeconds": 60}]
