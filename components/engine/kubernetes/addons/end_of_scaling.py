"""The end of autoscaling: the autoscaler is gone before the program sets the number of replicas again."""

import time

import pulumi

from components.engine.kubernetes.addons.scaled_object import API
from components.engine.kubernetes.cluster.client import Cluster
from components.engine.kubernetes.timeouts import AUTOSCALING_SECONDS

PAUSE_SECONDS = 0.5
AUTOSCALERS = "/apis/autoscaling/v2"
KEDA_S_NAME = "keda-hpa-{}"
"""Of the autoscaler that KEDA makes for a ScaledObject."""


def end_of_scaling(cluster: Cluster, namespace: str) -> pulumi.ResourceHook:
    """Return the hook that runs before the update of a Deployment that has scaled.

    Pulumi deletes what a program no longer has at the end of an update: until then the autoscaler would go on.
    """

    def end(arguments: pulumi.ResourceHookArgs) -> None:
        end_scaling(cluster, namespace, arguments.name)

    return pulumi.ResourceHook("end-of-scaling", end)


def end_scaling(cluster: Cluster, namespace: str, deployment: str, seconds: float = AUTOSCALING_SECONDS) -> None:
    """Delete the ScaledObject of a Deployment and wait until it and its autoscaler are gone.

    Raises:
        TimeoutError: one sentence, when they are not within `seconds`.
        ClusterError: when the cluster does not answer.
    """
    scaled = f"/apis/{API}/namespaces/{namespace}/scaledobjects/{deployment}"
    autoscaler = f"{AUTOSCALERS}/namespaces/{namespace}/horizontalpodautoscalers/{KEDA_S_NAME.format(deployment)}"
    if cluster.find(scaled) is None:
        return
    cluster.delete(scaled)
    give_up = time.monotonic() + seconds
    while cluster.find(scaled) or cluster.find(autoscaler):
        if time.monotonic() > give_up:
            raise TimeoutError(f"KEDA did not let go of the ScaledObject {deployment} within {seconds:.0f} s")
        time.sleep(PAUSE_SECONDS)
