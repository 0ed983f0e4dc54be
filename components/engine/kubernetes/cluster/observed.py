"""What a cluster says of itself and of the stack's namespace, as data, and what is refused for it."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from components.engine.host import data_version
from components.engine.kubernetes.cluster import quotas
from components.engine.kubernetes.cluster.quantity import mebibytes, parse_quantity
from components.engine.kubernetes.manifests.deployment import TAKE_OVER
from components.engine.kubernetes.manifests.metadata import NAME_LABEL, STACK_LABEL
from components.engine.kubernetes.settings import KubernetesSettings
from components.engine.labels import IDENTITY_LABEL, MADE_BY_LABEL
from components.engine.ownership import EngineObject, ObjectKind
from components.images.reference import ImageReference

OLDEST = (1, 31)
"""Since then a pod may sleep before its stop without a program for it, and a budget lets go of what is not ready."""
DEFAULT_CLASS = "storageclass.kubernetes.io/is-default-class"
UNKNOWN_PROCESSORS, UNKNOWN_MEMORY_MIB = 1024, 2**30
"""Of nodes that may not be listed: enough for any stack."""


@dataclass(frozen=True)
class Observed:
    """Answers of the cluster; None where they may not be read."""

    version: Mapping[str, Any]
    nodes: Sequence[Mapping[str, Any]] | None
    storage_classes: Sequence[Mapping[str, Any]] | None
    namespace: Mapping[str, Any] | None
    objects: Sequence[Mapping[str, Any]]
    """What the namespace has of any stack."""
    quotas: Sequence[Mapping[str, Any]]
    limit_ranges: Sequence[Mapping[str, Any]] | None


def refusals(
    observed: Observed, settings: KubernetesSettings, stack: str, namespace: str, *, memory_mib: int, millicores: int
) -> list[str]:
    """Return a sentence for each reason that the cluster cannot run the stack.

    Args:
        observed: the cluster's answers.
        settings: the stack's.
        stack: its name.
        namespace: its namespace.
        memory_mib: memory that its parts may use while an update runs.
        millicores: processor that they ask for meanwhile, in thousandths.
    """
    return [
        *_version(observed.version),
        *_namespace(observed, settings, stack, namespace),
        *_storage(observed.storage_classes, settings),
        *quotas.refusals(observed.quotas, observed.limit_ranges, namespace, memory_mib, millicores),
    ]


def warnings(nodes: Sequence[Mapping[str, Any]] | None, millicores: int) -> tuple[str, ...]:
    """Return what may keep an update from its end; `millicores`: processor that its pods ask for, in thousandths."""
    if nodes is None or millicores <= 1000 * (there := _allocatable_processors(nodes)):
        return ()
    warning = (
        f"kubernetes: the pods ask for {millicores / 1000:g} processors while an update runs, and the nodes have"
        f" {there:g}; some may stay Pending: add a node, or lower replicas"
    )
    return (warning,)


def _version(version: Mapping[str, Any]) -> list[str]:
    # Clouds write 34+.
    numbers = tuple(int(re.sub(r"\D.*", "", str(version.get(key, ""))) or 0) for key in ("major", "minor"))
    if numbers >= OLDEST:
        return []
    return [f"the cluster runs Kubernetes {numbers[0]}.{numbers[1]}; {OLDEST[0]}.{OLDEST[1]} or newer is needed"]


def _namespace(observed: Observed, settings: KubernetesSettings, stack: str, namespace: str) -> list[str]:
    others = sorted({stack_of(each) for each in observed.objects} - {"", stack})
    if others:
        return [f"kubernetes.namespace: {namespace} is that of the stack {others[0]}; give this stack another"]
    there = observed.namespace
    if there is None:
        missing = f"kubernetes.namespace: {namespace} does not exist; `kubectl create namespace {namespace}`"
        return [] if settings.create_namespace or observed.objects else [missing]
    if there.get("status", {}).get("phase") == "Terminating":
        return [f"kubernetes.namespace: {namespace} is being deleted; wait until it is gone"]
    if settings.create_namespace and stack_of(there) != stack:
        cure = "set kubernetes.create_namespace to false to use it, or choose another"
        return [f"kubernetes.namespace: {namespace} exists already; {cure}"]
    return []


def _storage(classes: Sequence[Mapping[str, Any]] | None, settings: KubernetesSettings) -> list[str]:
    if classes is None:
        return []
    names = [str(each["metadata"]["name"]) for each in classes]
    if settings.storage_class and settings.storage_class not in names:
        known = ", ".join(names) or "none"
        return [f"kubernetes.storage_class: the cluster has no {settings.storage_class}; it has {known}"]
    defaults = [each for each in classes if (each["metadata"].get("annotations") or {}).get(DEFAULT_CLASS) == "true"]
    if not settings.storage_class and not defaults:
        return [f"kubernetes.storage_class: the cluster has no default; set one of {', '.join(names) or 'none'}"]
    return []


def stack_of(manifest: Mapping[str, Any]) -> str:
    """Return the stack that an object of the cluster is labelled with; empty if with none."""
    return str((manifest["metadata"].get("labels") or {}).get(STACK_LABEL, ""))


def engine_objects(manifests: Sequence[Mapping[str, Any]], stack: str) -> tuple[EngineObject, ...]:
    """Return what the cluster has of a stack of this name, this one or another."""
    return tuple(
        EngineObject(
            ObjectKind.OBJECT,
            str(each["metadata"].get("uid", "")),
            f"{each.get('kind', 'object').lower()}/{each['metadata']['name']}",
            (each["metadata"].get("labels") or {}).get(IDENTITY_LABEL),
            (each["metadata"].get("annotations") or {}).get(MADE_BY_LABEL),
        )
        for each in manifests
        if stack_of(each) == stack
    )


def running_servers(
    objects: Sequence[Mapping[str, Any]], stack: str, images: Mapping[str, str]
) -> dict[str, data_version.Server]:
    """Return the stack's servers whose image the update changes, by name, as far as tags tell their versions."""
    found = {}
    for each in objects:
        name = (each["metadata"].get("labels") or {}).get(NAME_LABEL, "")
        if each.get("kind") == "StatefulSet" and stack_of(each) == stack and name in data_version.DATA_STORES:
            image = each["spec"]["template"]["spec"]["containers"][0]["image"]
            reference = ImageReference.parse(image)
            server = data_version.DATA_STORES[name].server(reference.tag or "", reference.name)
            if server and image != images.get(name, image):
                found[name] = server
    return found


def scaled_before(objects: Sequence[Mapping[str, Any]], stack: str) -> bool:
    """Return whether an autoscaler chooses, or has chosen, the number of a Deployment's replicas."""
    return any(TAKE_OVER in (each["metadata"].get("annotations") or {}) for each in objects if stack_of(each) == stack)


def processors(nodes: Sequence[Mapping[str, Any]] | None) -> int:
    """Return the whole processors of all nodes that take pods."""
    return UNKNOWN_PROCESSORS if nodes is None else int(_allocatable_processors(nodes))


def _allocatable_processors(nodes: Sequence[Mapping[str, Any]]) -> float:
    return sum(parse_quantity(node["status"]["allocatable"]["cpu"]) for node in schedulable(nodes))


def memory_mib(nodes: Sequence[Mapping[str, Any]] | None) -> int:
    """Return the memory of all nodes that take pods."""
    found = [mebibytes(node["status"]["allocatable"]["memory"]) for node in schedulable(nodes)]
    return UNKNOWN_MEMORY_MIB if nodes is None else sum(found)


def schedulable(nodes: Sequence[Mapping[str, Any]] | None) -> list[Mapping[str, Any]]:
    """Return the nodes that take pods: neither cordoned nor tainted for something else."""
    return [
        node
        for node in nodes or []
        if not node["spec"].get("unschedulable")
        and not any(taint["effect"] in ("NoSchedule", "NoExecute") for taint in node["spec"].get("taints") or [])
    ]
