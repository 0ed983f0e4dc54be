"""ScaledObjects: how KEDA chooses the number of a service's replicas."""

from components.engine.kubernetes.manifests.metadata import Manifest, Metadata, wait_for
from components.engine.workload import Autoscaling

API_GROUP, API_VERSION = "keda.sh", "v1alpha1"
API = f"{API_GROUP}/{API_VERSION}"
POLLING_SECONDS = 10
FAILURES = 3
"""Questions without an answer after which the number stays as it is, or becomes the least."""
WAIT_FOR_READY = wait_for("condition=Ready")
"""Makes an update fail where KEDA does not take the object."""


def scaled_object(metadata: Metadata, workload: str, replicas: int, autoscaling: Autoscaling) -> Manifest:
    """Return the ScaledObject of a Deployment (https://keda.sh/docs/latest/reference/scaledobject-spec/).

    Args:
        metadata: the stack's.
        workload: name of the Deployment.
        replicas: the least number.
        autoscaling: what is counted, and how many there may be.
    """
    question = {
        "serverAddress": autoscaling.prometheus_url,
        "query": autoscaling.query,
        "threshold": str(autoscaling.target),
    }
    return {
        "apiVersion": API,
        "kind": "ScaledObject",
        "metadata": metadata.of(workload, name=workload, annotations=WAIT_FOR_READY),
        "spec": {
            "scaleTargetRef": {"name": workload},
            "pollingInterval": POLLING_SECONDS,
            "minReplicaCount": replicas,
            "maxReplicaCount": autoscaling.max_replicas,
            "fallback": {
                "failureThreshold": FAILURES,
                "replicas": replicas,
                "behavior": "currentReplicasIfHigher",
            },
            "advanced": {"horizontalPodAutoscalerConfig": {"behavior": _behavior(autoscaling.scale_down_delay)}},
            "triggers": [
                {
                    "type": "prometheus",
                    "metricType": "AverageValue",
                    # No reading is a failure, not a load of zero.
                    "metadata": {**question, "ignoreNullValues": "false"},
                }
            ],
        },
    }


def _behavior(scale_down_delay: int) -> Manifest:
    """Return how fast the number changes: at once to the double, and down one by one.

    https://kubernetes.io/docs/tasks/run-application/horizontal-pod-autoscale/#configurable-scaling-behavior
    """
    return {
        "scaleUp": {
            "stabilizationWindowSeconds": 0,
            "selectPolicy": "Max",
            "policies": [
                {"type": "Percent", "value": 100, "periodSeconds": 60},
                {"type": "Pods", "value": 2, "periodSeconds": 60},
            ],
        },
        "scaleDown": {
            "stabilizationWindowSeconds": scale_down_delay,
            "selectPolicy": "Max",
            "policies": [{"type": "Pods", "value": 1, "periodSeconds": 60}],
        },
    }
