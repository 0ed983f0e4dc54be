"""What the cluster must offer before anything is created."""

from collections.abc import Collection, Mapping
from typing import Any

import pulumi

from components.engine.host import data_version
from components.engine.kubernetes.addons import observed as addons
from components.engine.kubernetes.cluster import observed, rights
from components.engine.kubernetes.cluster.client import Cluster, ClusterError
from components.engine.kubernetes.cluster.observed import Observed
from components.engine.kubernetes.manifests.metadata import NAME_LABEL, STACK_LABEL
from components.engine.kubernetes.settings import KubernetesSettings
from components.engine.labels import ATTEMPT_LABEL
from components.engine.preflight import Host, failed_attempts

OBJECT_PATHS = {
    "Deployment": "/apis/apps/v1/namespaces/{}/deployments",
    "StatefulSet": "/apis/apps/v1/namespaces/{}/statefulsets",
    "PersistentVolumeClaim": "/api/v1/namespaces/{}/persistentvolumeclaims",
    "ConfigMap": "/api/v1/namespaces/{}/configmaps",
}
"""Where objects of stacks are found."""


def check(
    settings: KubernetesSettings,
    stack: str,
    namespace: str,
    *,
    memory_mib: int,
    millicores: int,
    images: Mapping[str, str],
    jobs: Collection[str],
    throwaway: bool = False,
) -> Host:
    """Observe the cluster, and refuse to go on where it cannot run the stack.

    Args:
        settings: how it is reached.
        stack: name of the stack.
        namespace: the stack's.
        memory_mib: memory that the stack's parts may use while an update runs.
        millicores: processor that they ask for meanwhile, in thousandths.
        images: references of the stack's images by their names in the settings.
        jobs: names of the stack's jobs.
        throwaway: whether a pod asks external databases before the update.

    Raises:
        pulumi.RunError: one line for each refusal; nothing has been created.
    """
    try:
        cluster = Cluster(settings)
        seen = observe(cluster, namespace)
        beside = addons.observe(cluster, settings, namespace, exists=seen.namespace is not None)
        missing = rights.missing_rights(cluster, settings, namespace, throwaway=throwaway)
        attempts = ended_jobs(cluster.items(f"/apis/batch/v1/namespaces/{namespace}/jobs") or [], stack, jobs)
    except ClusterError as error:
        raise pulumi.RunError(str(error)) from error
    found = [
        *observed.refusals(seen, settings, stack, namespace, memory_mib=memory_mib, millicores=millicores),
        *addons.refusals(beside, settings, namespace),
        *data_version.refusals(observed.running_servers(seen.objects, stack, images), images),
        *rights.refusals(namespace, missing),
    ]
    if found:
        raise pulumi.RunError("\n".join(found))
    warnings = observed.warnings(seen.nodes, millicores)
    for warning in warnings:
        pulumi.log.warn(warning)
    return Host(
        port_holders={},
        missing_images=(),
        processors=observed.processors(seen.nodes),
        memory_mib=observed.memory_mib(seen.nodes),
        root_cgroup=None,
        warnings=warnings,
        failed_attempts=failed_attempts(attempts),
        objects=observed.engine_objects(seen.objects, stack),
        scaled_before=observed.scaled_before(seen.objects, stack),
    )


def observe(cluster: Cluster, namespace: str) -> Observed:
    """Ask the cluster.

    Raises:
        ClusterError: when it does not answer, or refuses whoever asks.
    """
    return Observed(
        version=cluster.get("/version"),
        nodes=cluster.items("/api/v1/nodes"),
        storage_classes=cluster.items("/apis/storage.k8s.io/v1/storageclasses"),
        namespace=cluster.find(f"/api/v1/namespaces/{namespace}"),
        objects=[
            {"kind": kind, **each}
            for kind, path in OBJECT_PATHS.items()
            for each in cluster.items(path.format(namespace), labelSelector=STACK_LABEL) or []
        ],
        quotas=cluster.items(f"/api/v1/namespaces/{namespace}/resourcequotas") or [],
        limit_ranges=cluster.items(f"/api/v1/namespaces/{namespace}/limitranges"),
    )


def ended_jobs(found: list[dict[str, Any]], stack: str, jobs: Collection[str]) -> list[tuple[str, int, int]]:
    """Return the name, the attempt and the exit code, 0 or 1, of each job of the stack that has ended."""
    ended = []
    for job in found:
        labels: Mapping[str, str] = job["metadata"].get("labels") or {}
        name, status = labels.get(NAME_LABEL, ""), job.get("status", {})
        if (
            labels.get(STACK_LABEL) != stack
            or name not in jobs
            or not (status.get("failed") or status.get("succeeded"))
        ):
            continue
        attempt = (job["metadata"].get("annotations") or {}).get(ATTEMPT_LABEL, "0")
        ended.append((name, int(attempt), 0 if status.get("succeeded") else 1))
    return ended
