"""StatefulSets: services that hold a claim, of which one pod may run at a time."""

from components.engine.kubernetes.manifests.metadata import Manifest, wait_for
from components.engine.kubernetes.manifests.pod import Files, Pods, pod
from components.engine.workload import Service

NEW_POD_IS_READY = ("jsonpath={.status.updatedReplicas}=1", "jsonpath={.status.availableReplicas}=1")


def stateful_set(pods: Pods, service: Service, files: Files) -> Manifest:
    """Return the StatefulSet of a service. The old pod has ended before the new one starts, also on a lost node.

    Pods are managed in parallel: otherwise a pod that never gets ready would keep the next update from replacing it
    (https://kubernetes.io/docs/concepts/workloads/controllers/statefulset/#forced-rollback).
    """
    return {
        "apiVersion": "apps/v1",
        "kind": "StatefulSet",
        "metadata": pods.metadata.of(service.name, name=service.name, annotations=wait_for(*NEW_POD_IS_READY)),
        "spec": {
            "serviceName": service.alias,
            "replicas": 1,
            "selector": {"matchLabels": pods.metadata.labels(service.name)},
            "podManagementPolicy": "Parallel",
            "updateStrategy": {"type": "RollingUpdate"},
            "revisionHistoryLimit": 0,
            "template": pod(pods, service, files),
        },
    }
