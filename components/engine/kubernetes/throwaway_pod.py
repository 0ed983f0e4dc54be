"""A pod that runs one program, ends and is deleted, with its files."""

import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

from components.engine.connection.throwaway_container import ProgramFailed, ThrowawayContainer
from components.engine.kubernetes.cluster.client import NOT_FOUND, Cluster, Refused
from components.engine.kubernetes.manifests.files import config_map, config_map_volume, secret, secret_volume
from components.engine.kubernetes.manifests.metadata import Manifest, Metadata
from components.engine.kubernetes.manifests.pod import Files, Pods, pod
from components.engine.kubernetes.pod_report import log, state
from components.engine.kubernetes.settings import KubernetesSettings
from components.engine.workload import CONFIG_FOLDER, SECRETS_FOLDER, Job, Network

MEMORY_MIB = 512
POLL_SECONDS = 0.5


def run_in_pod(
    cluster: Cluster, settings: KubernetesSettings, namespace: str, container: ThrowawayContainer
) -> str | None:
    """Run a container's program in a pod to its end, delete the pod, and return its output.

    Returns:
        None when there is no such namespace yet.

    Raises:
        ProgramFailed: if it fails, with the last lines of its log.
        ClusterError: when the cluster does not answer.
    """
    metadata = Metadata(container.stack, namespace, "")
    pods = Pods(metadata, settings.image_pull_secret)
    core = f"/api/v1/namespaces/{namespace}"
    try:
        with _created(cluster, f"{core}/secrets", secret(metadata, container.name, container.secrets)) as secrets:
            files: dict[str, Any] = {SECRETS_FOLDER: secret_volume(secrets, container.secrets)}
            with _created(
                cluster, f"{core}/configmaps", config_map(metadata, container.name, container.config)
            ) as config:
                if container.config:
                    files[CONFIG_FOLDER] = config_map_volume(config, container.config)
                with _created(cluster, f"{core}/pods", manifest(pods, container, files)) as name:
                    limit = container.timeout + settings.image_pull_timeout
                    return _output(cluster, namespace, name, container.name, limit)
    except Refused as error:
        if error.status == NOT_FOUND:
            return None
        raise


def manifest(pods: Pods, container: ThrowawayContainer, files: Files) -> Manifest:
    """Return the pod: hardened as all, on the front network."""
    job = Job(
        name=container.name,
        alias=container.name,
        image=container.image,
        user=container.user,
        networks=(Network.FRONT,),
        memory_mib=MEMORY_MIB,
        entrypoint=tuple(container.command),
        environment=container.environment,
        stop_timeout=1,
        timeout=container.timeout,
    )
    template = pod(pods, job, files)
    labels = {**template["metadata"], **pods.metadata.of(container.name), "labels": template["metadata"]["labels"]}
    return {"apiVersion": "v1", "kind": "Pod", "metadata": labels, "spec": template["spec"]}


@contextmanager
def _created(cluster: Cluster, path: str, manifest: Manifest) -> Iterator[str]:
    """Create an object under a name that the cluster makes; delete it afterwards."""
    metadata = {**manifest["metadata"], "generateName": f"{manifest['kind'].lower()}-"}
    name = str(cluster.create(path, {**manifest, "metadata": metadata})["metadata"]["name"])
    try:
        yield name
    finally:
        with suppress(Refused):
            cluster.delete(f"{path}/{name}")


def _output(cluster: Cluster, namespace: str, name: str, program: str, limit: float) -> str:
    """Return what a pod's program has written, once it has ended."""
    path = f"/api/v1/namespaces/{namespace}/pods/{name}"
    give_up = time.monotonic() + limit
    while True:
        found = cluster.get(path)
        phase = found.get("status", {}).get("phase")
        if phase == "Succeeded":
            return cluster.text(f"{path}/log")
        if phase == "Failed":
            lines = log(cluster, namespace, found) or ["it gave no reason"]
            raise ProgramFailed("\n".join([f"{program} failed:", *lines]))
        if time.monotonic() > give_up:
            raise ProgramFailed(f"{program} did not end within {limit:.0f} s: {state(found)}")
        time.sleep(POLL_SECONDS)
