"""Find what differs in a cluster from Pulumi's state: objects that are missing or changed, and pods that are not ready.

Compared is what the program wrote. What the cluster adds by itself, such as defaults, is no difference.
"""

import base64
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from components.engine.ownership import EngineObject, foreign_objects
from ops.repair.drift_table import Drift
from ops.stack.engines.engine import cluster_of
from ops.stack.state import CLUSTER_TYPES, DEPLOYMENT, JOB, NAMESPACE, SECRET, STATEFUL_SET, RecordedResource

Manifest = Mapping[str, Any]
NAMED_BY_LIST = ("apiVersion", "kind")
"""Fields that objects of a list leave out."""
EXACT = ("data", "limits", "matchLabels", "requests", "selector", "stringData")
"""Maps in which a key more is a difference too."""
ENVIRONMENT = ".env."
"""In the path of a variable, whose value is never shown: it may hold a secret."""


@dataclass(frozen=True)
class ObservedNamespace:
    """What the cluster has of a stack."""

    manifests: Mapping[str, Manifest]
    """The objects with the stack's label, by kind and name as in `EngineObject.id`."""
    orphans: Sequence[EngineObject] = ()
    """Objects with the stack's identity that are not in its state."""
    foreign: Sequence[EngineObject] = ()
    """Objects that another state made."""


def observe_namespace(stack: str, resources: Sequence[RecordedResource], identity: str | None) -> ObservedNamespace:
    """Return what the cluster has of a stack.

    Args:
        stack: its name.
        resources: those in its state.
        identity: the one that its state gives it.

    Raises:
        OperationError: if the cluster does not answer.
    """
    cluster = cluster_of(stack)
    manifests, known = cluster.manifests(), {resource.id for resource in resources}
    objects = cluster.objects_of(manifests)
    return ObservedNamespace(
        manifests,
        [each for each in objects if identity and each.identity == identity and each.id not in known],
        foreign_objects(objects, known, identity),
    )


def find_cluster_drift(resources: Sequence[RecordedResource], observed: ObservedNamespace) -> list[Drift]:
    """Return every difference between the state and the cluster."""
    return [
        *(drift for resource in resources for drift in of_resource(resource, observed.manifests)),
        *(drift for resource in resources for drift in _pods(resource, observed.manifests)),
        *(Drift(each.name, each.kind, "none", "not in the state") for each in observed.orphans),
        *(Drift(each.name, each.kind, "none", "another stack of this name made it") for each in observed.foreign),
    ]


def of_resource(resource: RecordedResource, manifests: Mapping[str, Manifest]) -> list[Drift]:
    """Return how an object differs from its inputs.

    A job that has ended may be gone: nothing needs it any more. A namespace may be hidden from whoever asks.
    """
    if not resource.type.startswith(CLUSTER_TYPES):
        return []
    found = manifests.get(resource.id)
    if resource.pending_delete:
        return [Drift(resource.name, "object", "removed", "an unfinished update left it")] if found else []
    if found is None:
        return [] if resource.type in (JOB, NAMESPACE) else [Drift(resource.name, "object", resource.id, "missing")]
    if resource.type == SECRET:
        found = {**found, "stringData": _decoded(found.get("data") or {})}
    wanted = {key: value for key, value in resource.inputs.items() if key not in NAMED_BY_LIST}
    return [
        Drift(resource.name, path, *_shown(resource, path, before, after))
        for path, before, after in differences(wanted, found)
    ]


def differences(wanted: Any, found: Any, path: str = "") -> Iterator[tuple[str, Any, Any]]:
    """Yield path, wanted and found value of each difference. Objects of a list are the same if their names are."""
    if isinstance(wanted, Mapping):
        there = found if isinstance(found, Mapping) else {}
        added = there.keys() - wanted.keys() if path.rpartition(".")[2] in EXACT else ()
        for key in (*wanted, *sorted(added)):
            yield from differences(wanted.get(key), there.get(key), f"{path}.{key}".lstrip("."))
    elif isinstance(wanted, list) and wanted and all(isinstance(each, Mapping) and "name" in each for each in wanted):
        yield from _named(wanted, found if isinstance(found, list) else [], path)
    elif isinstance(wanted, list) and isinstance(found, list) and len(wanted) == len(found):
        for index, (before, after) in enumerate(zip(wanted, found, strict=True)):
            yield from differences(before, after, f"{path}[{index}]")
    # The cluster leaves out what is empty or false.
    elif (wanted or None) != (found or None):
        yield path, wanted, found


def _named(wanted: Sequence[Any], found: Sequence[Any], path: str) -> Iterator[tuple[str, Any, Any]]:
    before, after = ({str(each.get("name")): each for each in several} for several in (wanted, found))
    for name, each in before.items():
        if name in after:
            yield from differences(each, after[name], f"{path}.{name}")
        else:
            yield f"{path}.{name}", each, None
    yield from ((f"{path}.{name}", None, after[name]) for name in after if name not in before)


def _pods(resource: RecordedResource, manifests: Mapping[str, Manifest]) -> list[Drift]:
    if resource.type not in (DEPLOYMENT, STATEFUL_SET) or resource.id not in manifests or resource.pending_delete:
        return []
    wanted = int(resource.inputs["spec"]["replicas"])
    ready = int((manifests[resource.id].get("status") or {}).get("readyReplicas") or 0)
    return [Drift(resource.name, "ready pods", str(wanted), str(ready))] if ready < wanted else []


def _decoded(data: Mapping[str, str]) -> dict[str, str]:
    return {key: base64.b64decode(text).decode(errors="replace") for key, text in data.items()}


def _shown(resource: RecordedResource, path: str, wanted: Any, found: Any) -> tuple[str, str]:
    if resource.type == SECRET or ENVIRONMENT in path:
        return ("none" if wanted is None else "as Pulumi wrote it"), ("none" if found is None else "another value")
    return str("none" if wanted is None else wanted), str("none" if found is None else found)
