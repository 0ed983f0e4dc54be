"""Find what differs in a cluster from Pulumi's state: objects that are missing or changed, and pods that are not ready.

Compared is what the program wrote. What the cluster adds by itself, such as defaults, is no difference.
"""

import base64
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from components.engine.ownership import EngineObject, foreign_objects
from ops.repair.drift_table import Drift
from ops.repair.manifest_difference import Difference, differences
from ops.stack.engines.engine import cluster_of
from ops.stack.state import CLUSTER_TYPES, DEPLOYMENT, JOB, NAMESPACE, SECRET, STATEFUL_SET, RecordedResource

Manifest = Mapping[str, Any]
REPLICAS = "spec.replicas"
NAMED_BY_LIST = ("apiVersion", "kind")
"""Fields that objects of a list leave out."""
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
    objects: Sequence[EngineObject] = ()
    """All objects of the stack's name."""


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
        objects,
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
    found = manifests.get(resource.id)
    if not resource.type.startswith(CLUSTER_TYPES):
        return []
    if resource.pending_delete:
        return [Drift(resource.name, "object", "removed", "an unfinished update left it")] if found else []
    if found is None:
        return [] if resource.type in (JOB, NAMESPACE) else [Drift(resource.name, "object", resource.id, "missing")]
    return [Drift(resource.name, each.path, *_shown(resource, each)) for each in changes(resource, found)]


def changes(resource: RecordedResource, found: Manifest) -> list[Difference]:
    """Return how an object that exists differs from its inputs. Their secrets are among the values."""
    if resource.type == SECRET:
        found = {**found, "stringData": _decoded(found.get("data") or {})}
    wanted = {key: value for key, value in resource.inputs.items() if key not in NAMED_BY_LIST}
    return [each for each in differences(wanted, found) if each.path not in resource.ignore_changes]


def _pods(resource: RecordedResource, manifests: Mapping[str, Manifest]) -> list[Drift]:
    if resource.type not in (DEPLOYMENT, STATEFUL_SET) or resource.id not in manifests or resource.pending_delete:
        return []
    # An autoscaler's number stands in the object alone.
    specified = manifests[resource.id] if REPLICAS in resource.ignore_changes else resource.inputs
    wanted = int(specified["spec"]["replicas"])
    ready = int((manifests[resource.id].get("status") or {}).get("readyReplicas") or 0)
    return [Drift(resource.name, "ready pods", str(wanted), str(ready))] if ready < wanted else []


def _decoded(data: Mapping[str, str]) -> dict[str, str]:
    return {key: base64.b64decode(text).decode(errors="replace") for key, text in data.items()}


def _shown(resource: RecordedResource, each: Difference) -> tuple[str, str]:
    wanted, found = (None if value in (None, "", [], {}) else value for value in (each.wanted, each.found))
    if resource.type == SECRET or ENVIRONMENT in f"{each.path}.":
        return ("none" if wanted is None else "as Pulumi wrote it"), ("none" if found is None else "another value")
    return str("none" if wanted is None else wanted), str("none" if found is None else found)
