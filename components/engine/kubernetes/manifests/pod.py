"""Pods: the hardening that every workload gets, whatever kind starts it.

They fit the restricted Pod Security Standard (https://kubernetes.io/docs/concepts/security/pod-security-standards/).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from components.engine.kubernetes.cluster.quantity import memory_quantity, millicores
from components.engine.kubernetes.manifests.metadata import CLAIM_LABEL, Manifest, Metadata
from components.engine.kubernetes.manifests.probes import probes
from components.engine.workload import CONFIG_FOLDER, PROGRAMS_FOLDER, SECRETS_FOLDER, Job, Service, Workload

DATA_FOLDER = "data"
"""Folder of a claim that is mounted. The claim's own root belongs to root, and Postgres wants to own its folder."""
FOLDER_NAMES = {CONFIG_FOLDER: "config", PROGRAMS_FOLDER: "programs", SECRETS_FOLDER: "secrets"}
HOST = "kubernetes.io/hostname"
ZONE = "topology.kubernetes.io/zone"
UPDATE_LABEL = "pod-template-hash"
"""Of the pods that one update makes: those that are about to go do not count."""
EVICTION_SECONDS = 10
"""After which pods that may run twice are started elsewhere when their node does not answer; the default is 300."""


@dataclass(frozen=True)
class Pods:
    """What all pods of a stack have in common."""

    metadata: Metadata
    image_pull_secret: str | None = None
    deregistration_delay: int = 5
    """Seconds between the end of an address in a Service and the stop signal."""


Files = Mapping[str, Mapping[str, Any]]
"""Folder in the container → source of the volume that is mounted there."""


def pod(pods: Pods, workload: Service | Job, files: Files, *, replicated: bool = False) -> Manifest:
    """Return the template of a workload's pods.

    Args:
        pods: what they have in common.
        workload: the service or job.
        files: its files.
        replicated: whether another pod does the same work.
    """
    user, _, group = workload.user.partition(":")
    delay = deregistration_delay(pods, workload)
    spec = {
        "automountServiceAccountToken": False,
        # Variables such as REDIS_PORT would be taken for settings.
        "enableServiceLinks": False,
        # A process that reaps what others leave, as Docker's init does.
        "shareProcessNamespace": True,
        # Names of providers are whole: no search list is tried first.
        "dnsConfig": {"options": [{"name": "ndots", "value": "1"}]},
        "securityContext": {
            "runAsNonRoot": True,
            "runAsUser": int(user),
            "runAsGroup": int(group),
            "fsGroup": int(group),
            "fsGroupChangePolicy": "OnRootMismatch",
            "seccompProfile": {"type": "RuntimeDefault"},
        },
        "terminationGracePeriodSeconds": delay + workload.stop_timeout,
        **({"imagePullSecrets": [{"name": pods.image_pull_secret}]} if pods.image_pull_secret else {}),
        **({"restartPolicy": "Never"} if isinstance(workload, Job) else {}),
        **(_spread(pods.metadata, workload) if replicated else {}),
        **(_moves_soon() if isinstance(workload, Service) and not workload.volumes else {}),
        **({"affinity": affinity} if (affinity := _affinity(pods.metadata, workload, replicated=replicated)) else {}),
        **({"initContainers": [_folders(workload)]} if workload.volumes else {}),
        "containers": [_container(workload, files, delay)],
        "volumes": _volumes(workload, files),
    }
    return {"metadata": pods.metadata.of_pod(workload), "spec": spec}


def deregistration_delay(pods: Pods, workload: Workload) -> int:
    """Return the seconds that a pod serves on after it is told to stop, until no Service leads to it any more."""
    reached = isinstance(workload, Service) and bool(workload.ports or workload.listens)
    return pods.deregistration_delay if reached and not workload.volumes else 0


def _container(workload: Service | Job, files: Files, delay: int) -> dict[str, Any]:
    return {
        "name": workload.alias,
        "image": workload.image,
        "imagePullPolicy": "IfNotPresent",
        **({"command": list(workload.entrypoint)} if workload.entrypoint else {}),
        **({"args": list(workload.command)} if workload.command else {}),
        "env": [{"name": name, "value": value} for name, value in sorted(workload.environment.items())],
        "securityContext": CONFINED,
        "resources": _resources(workload),
        "volumeMounts": [
            *({"name": FOLDER_NAMES[folder], "mountPath": folder, "readOnly": True} for folder in files),
            *({"name": f"tmpfs-{index}", "mountPath": path} for index, path in enumerate(workload.tmpfs)),
            *({"name": CLAIM, "mountPath": volume.path, "subPath": DATA_FOLDER} for volume in workload.volumes),
        ],
        **(probes(workload) if isinstance(workload, Service) else {}),
        **({"lifecycle": {"preStop": {"sleep": {"seconds": delay}}}} if delay else {}),
        "terminationMessagePolicy": "FallbackToLogsOnError",
    }


CONFINED = {
    "allowPrivilegeEscalation": False,
    "capabilities": {"drop": ["ALL"]},
    "readOnlyRootFilesystem": True,
}
CLAIM = "claim"


def _resources(workload: Workload) -> dict[str, Any]:
    """Return requests and limits. Memory is asked for in full, so that no node promises it twice.

    There is no limit of processor time: what nobody else asks for may be used.
    """
    memory = memory_quantity(workload.memory_mib)
    return {"requests": {"cpu": f"{millicores(workload.cpu_shares)}m", "memory": memory}, "limits": {"memory": memory}}


def _volumes(workload: Workload, files: Files) -> list[dict[str, Any]]:
    memory = {"medium": "Memory", "sizeLimit": memory_quantity(workload.memory_mib)}
    return [
        *({"name": FOLDER_NAMES[folder], **source} for folder, source in files.items()),
        *({"name": f"tmpfs-{index}", "emptyDir": memory} for index in range(len(workload.tmpfs))),
        *({"name": CLAIM, "persistentVolumeClaim": {"claimName": volume.name}} for volume in workload.volumes),
    ]


def _folders(workload: Workload) -> dict[str, Any]:
    """Return the container that makes the folder of the claim, by the user who will own it."""
    return {
        "name": "folder",
        "image": workload.image,
        "imagePullPolicy": "IfNotPresent",
        "command": ["mkdir", "-p", "-m", "0700", f"/claim/{DATA_FOLDER}"],
        "securityContext": CONFINED,
        "resources": _resources(workload),
        "volumeMounts": [{"name": CLAIM, "mountPath": "/claim"}],
    }


def _affinity(metadata: Metadata, workload: Workload, *, replicated: bool) -> dict[str, Any]:
    """Return where a pod may run, and where it would rather not.

    Pods that mount one claim run together, since one node alone can mount it; the first goes where it likes. Replicas
    avoid each other's zones: as a spread constraint, the zone would switch off the one of nodes where nodes have none.
    """
    found: dict[str, Any] = {}
    for volume in workload.volumes:
        term = {"labelSelector": {"matchLabels": {CLAIM_LABEL: volume.name}}, "topologyKey": HOST}
        found["podAffinity"] = {"requiredDuringSchedulingIgnoredDuringExecution": [term]}
    if replicated:
        others = {"matchLabels": metadata.labels(workload.name)}
        term = {"labelSelector": others, "topologyKey": ZONE, "matchLabelKeys": [UPDATE_LABEL]}
        rather_not = [{"weight": 100, "podAffinityTerm": term}]
        found["podAntiAffinity"] = {"preferredDuringSchedulingIgnoredDuringExecution": rather_not}
    return found


def _spread(metadata: Metadata, workload: Workload) -> dict[str, Any]:
    """Return how replicas spread over nodes, those of one update among themselves."""
    return {
        "topologySpreadConstraints": [
            {
                "maxSkew": 1,
                "topologyKey": HOST,
                "whenUnsatisfiable": "ScheduleAnyway",
                "labelSelector": {"matchLabels": metadata.labels(workload.name)},
                "matchLabelKeys": [UPDATE_LABEL],
            }
        ],
    }


def _moves_soon() -> dict[str, Any]:
    """Return how soon a service leaves a lost node. One with a claim cannot, and jobs are one attempt."""
    return {
        "tolerations": [
            {
                "key": f"node.kubernetes.io/{fault}",
                "operator": "Exists",
                "effect": "NoExecute",
                "tolerationSeconds": EVICTION_SECONDS,
            }
            for fault in ("not-ready", "unreachable")
        ],
    }
