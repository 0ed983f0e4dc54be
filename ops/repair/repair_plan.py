"""What keeps a stack from being updated, and what repairs it."""

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Any

from components.engine.host.disk import MIN_FREE_GIB
from components.engine.labels import IDENTITY_VOLUME, STACK_LABEL
from components.engine.ownership import EngineObject, ObjectKind
from ops.repair.container_facts import LABEL, VARIABLE
from ops.repair.drift import changed_properties
from ops.repair.drift_table import Drift
from ops.repair.observed_state import ObservedState, container_status, workload_name
from ops.stack.backend.resource_import import PARENTS, resource_of
from ops.stack.backend.state_lock import StateLock
from ops.stack.project import PROJECT_NAME
from ops.stack.state import CONTAINER, NETWORK, VOLUME, RecordedResource, needed_resources

STOPPED = ("created", "exited", "paused", "dead")
"""Docker's statuses of a container that does not serve."""


class RepairAction(Enum):
    """What is done about an issue, in the order in which it is done."""

    FREE_DISK = "remove images that were built here and that nothing uses"
    UNLOCK = "remove the lock"
    START = "start it"
    REFRESH = "refresh the state; drop resources that were never created"
    REMOVE_FIRST = "stop and remove it before the update creates its successor; volumes stay"
    IMPORT = "take it into the state, with its data"
    REMOVE_SPARE = "drain and remove it before the update: it does not serve, or another one does"
    UPDATE = "update the stack: that creates it again"
    REPLACE = "replace it: Pulumi does not see the difference"
    REMOVE_LAST = "drain and remove it after its successor serves"
    NONE = "nothing: Pulumi did not create it"
    KEEP = "nothing: it may hold data; `docker volume rm` removes it"
    KEEP_CLAIM = "nothing: it may hold data; `kubectl delete` removes it"


@dataclass(frozen=True)
class Issue:
    """One thing that is wrong."""

    what: str
    action: RepairAction
    container: str = ""
    """Id of the container that it is about."""
    urn: str = ""
    """URN of the resource to replace."""
    object_: EngineObject | None = None
    """Network or volume that it is about."""


def find_issues(
    locks: Sequence[StateLock],
    operations: Sequence[str],
    resources: Sequence[RecordedResource],
    observed: ObservedState,
) -> list[Issue]:
    """Return what is wrong, in the order of the actions; `operations` are those that never ended."""
    issues = [
        *_disk(observed.free_gib),
        *ended_updates(locks, operations),
        *(issue for resource in needed_resources(resources) for issue in _of_resource(resource, observed)),
        *(
            _changed(resource, drift, resources)
            for resource in resources
            for drift in changed_properties(resource, observed)
        ),
        *orphans(resources, observed),
    ]
    return in_order(issues)


def ended_updates(locks: Sequence[StateLock], operations: Sequence[str]) -> list[Issue]:
    """Return an issue for each lock that an ended update left, and for each operation that never ended."""
    return [
        *(Issue(f"locked by {lock}, which has ended", RepairAction.UNLOCK) for lock in locks),
        *(Issue(f"interrupted: {operation}", RepairAction.REFRESH) for operation in operations),
    ]


def in_order(issues: Iterable[Issue]) -> list[Issue]:
    """Return the issues in the order of their actions."""
    return sorted(issues, key=lambda issue: list(RepairAction).index(issue.action))


def orphans(resources: Sequence[RecordedResource], observed: ObservedState) -> list[Issue]:
    """Return an issue for each object of the stack that is not in its state: containers, then networks and volumes."""
    known = {resource.id: observed.containers.get(resource.id) for resource in resources}
    served = {workload_name(each) for each in known.values() if each and container_status(each) == "healthy"}
    containers = [
        Issue(
            f"{container['Name'][1:]} ({container_status(container)}) is not in the state",
            _action(container, served),
            id_,
        )
        for id_, container in observed.containers.items()
        if id_ not in known
    ]
    names = {resource.name for resource in resources}
    return containers + [
        Issue(
            f"the {object_.kind} {object_.name} is not in the state",
            _action_for(object_, names, observed.stack),
            object_=object_,
        )
        for object_ in observed.orphans
    ]


def _action_for(object_: EngineObject, names: Collection[str], stack: str) -> RepairAction:
    """Return what to do with a network or volume of this stack's identity; `names` are the resources of its state."""
    resource = resource_of(object_, stack)
    if resource in PARENTS and resource not in names:
        return RepairAction.IMPORT
    if object_.kind is ObjectKind.NETWORK or object_.workload or resource == IDENTITY_VOLUME:
        return RepairAction.REMOVE_LAST
    return RepairAction.KEEP


def _action(orphan: Mapping[str, Any], served: Collection[str]) -> RepairAction:
    """Return what to do with an orphan; its name shows whether Pulumi created it.

    A name with a random suffix belongs to a container that may run beside its successor. It stays until then only if no
    other one serves: as long as it exists the update cannot delete the volumes of its files.
    """
    stack = (orphan["Config"].get("Labels") or {}).get(STACK_LABEL)
    own = re.escape(f"/{PROJECT_NAME}-{stack}-{workload_name(orphan)}")
    if re.fullmatch(own, orphan["Name"]):
        return RepairAction.REMOVE_FIRST
    if not re.fullmatch(f"{own}-[0-9a-f]{{5}}", orphan["Name"]):
        return RepairAction.NONE
    spare = orphan["State"]["Status"] in STOPPED or workload_name(orphan) in served
    return RepairAction.REMOVE_SPARE if spare else RepairAction.REMOVE_LAST


def _changed(resource: RecordedResource, drift: Drift, resources: Sequence[RecordedResource]) -> Issue:
    """Return the issue of a changed container; Pulumi's provider does not read variables, labels and files.

    A changed file is written anew into another volume, so that whoever has read it is replaced too.
    """
    what = str(drift)
    if not drift.what.startswith((VARIABLE, LABEL, "/")):
        return Issue(what, RepairAction.UPDATE)
    volume = resource.urn.replace(CONTAINER, VOLUME)
    is_file = drift.what.startswith("/") and any(each.urn == volume for each in resources)
    return Issue(what, RepairAction.REPLACE, urn=volume if is_file else resource.urn)


def _disk(free_gib: float | None) -> list[Issue]:
    if free_gib is None or free_gib >= MIN_FREE_GIB:
        return []
    what = f"disk nearly full: {free_gib:.1f} GiB free, {MIN_FREE_GIB:.0f} needed"
    return [Issue(what, RepairAction.FREE_DISK)]


def _of_resource(resource: RecordedResource, observed: ObservedState) -> list[Issue]:
    if resource.pending_delete:
        exists = resource.is_container and resource.id in observed.containers
        return [Issue(f"{resource.name}: its predecessor still exists", RepairAction.UPDATE)] if exists else []
    if resource.type == VOLUME and resource.id not in observed.volumes:
        return [Issue(f"the volume {resource.name} and its data are missing", RepairAction.UPDATE)]
    if resource.type == NETWORK and resource.id not in observed.networks:
        return [Issue(f"{resource.name} is missing", RepairAction.UPDATE)]
    if not resource.is_container:
        return []
    container = observed.containers.get(resource.id)
    if container is None:
        return [] if resource.is_done else [Issue(f"{resource.name} is missing", RepairAction.UPDATE)]
    status = str(container["State"]["Status"])
    stopped = resource.must_run and status in STOPPED
    return [Issue(f"{resource.name} is {status}", RepairAction.START, resource.id)] if stopped else []
