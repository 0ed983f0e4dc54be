"""Deployments: services whose new pods become ready beside the old, and services that hold nothing."""

from typing import Any

from components.engine.kubernetes.manifests.metadata import Manifest, wait_for
from components.engine.kubernetes.manifests.pod import Files, Pods, pod
from components.engine.workload import Replacement, Service

TAKE_OVER = "pulumi.com/patchForce"
"""Lets an update change what an autoscaler has changed: the number of replicas."""
AUTOSCALED = "gateway.autoscaling"
"""On a Deployment whose number of replicas an autoscaler chooses. Without it, the number is the program's again."""
COMPLETE = 'jsonpath={.status.conditions[?(@.type=="Progressing")].reason}=NewReplicaSetAvailable'
"""https://kubernetes.io/docs/concepts/workloads/controllers/deployment/#complete-deployment"""
AVAILABLE = "jsonpath={{.status.availableReplicas}}={}"
"""Where the number changes alone, the Deployment stays complete."""
KEPT_REVISIONS = 0
"""Of a Deployment. An older one would name ConfigMaps and Secrets that are gone: history and rollback are Pulumi's."""


def deployment(
    pods: Pods,
    service: Service,
    files: Files,
    *,
    deadline: int,
    replicas: int = 1,
    max_surge: int | None = None,
    min_ready_seconds: int = 0,
) -> Manifest:
    """Return the Deployment of a service.

    Args:
        pods: what all pods have in common.
        service: the service.
        files: its files.
        deadline: seconds after which the Deployment says that it makes no progress, as Pulumi does.
        replicas: how many pods.
        max_surge: most new pods that start at once; None: all.
        min_ready_seconds: how long a new pod is ready before an old one stops.
    """
    most = service.autoscaling.max_replicas if service.autoscaling else replicas
    conditions = [COMPLETE] if service.autoscaling else [COMPLETE, AVAILABLE.format(replicas)]
    return {
        "apiVersion": "apps/v1",
        "kind": "Deployment",
        "metadata": pods.metadata.of(
            service.name, name=service.name, annotations={**wait_for(*conditions), **_scaling(service)}
        ),
        "spec": {
            "replicas": replicas,
            "selector": {"matchLabels": pods.metadata.labels(service.name)},
            "strategy": _strategy(service, max_surge),
            "minReadySeconds": min_ready_seconds,
            "progressDeadlineSeconds": deadline,
            "revisionHistoryLimit": KEPT_REVISIONS,
            "template": pod(pods, service, files, replicated=most > 1),
        },
    }


def _scaling(service: Service) -> dict[str, str]:
    """Return the annotations of a Deployment that scales, or has scaled."""
    takes_over = {TAKE_OVER: "true"} if service.autoscaling or service.scaled_before else {}
    return {**takes_over, **({AUTOSCALED: "true"} if service.autoscaling else {})}


def _strategy(service: Service, max_surge: int | None) -> dict[str, Any]:
    if service.replacement is Replacement.DELETE_BEFORE_CREATE:
        return {"type": "Recreate"}
    return {"type": "RollingUpdate", "rollingUpdate": {"maxUnavailable": 0, "maxSurge": max_surge or "100%"}}
