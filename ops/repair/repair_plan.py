"""What keeps a stack from being updated, and what cures it."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Any

from components.engine.labels import STACK_LABEL
from components.engine.preflight import LEAST_FREE_GIB
from ops.images.lock import PROJECT
from ops.repair.container_facts import LABEL, NAME_ONLY
from ops.repair.drift import NETWORK, VOLUME, Drift, changed_facts
from ops.repair.observed_state import View, status, workload
from ops.repair.recorded_state import Recorded
from ops.stack.lock import Lock

STOPPED = ("created", "exited", "paused", "dead")
"""Docker's words for a container that does not serve."""


class Cure(Enum):
    """What is done about a fault, in the order in which it is done."""

    FREE_DISK = "images built here that nothing uses are removed"
    UNLOCK = "the lock is taken away"
    START = "it is started"
    CLEAR = "the state is compared with the engine, and what never came to be is forgotten"
    REMOVE_FIRST = "it is stopped and removed before its successor is made; volumes stay"
    UPDATE = "an update makes it again"
    REPLACE = "it is made anew: Pulumi does not see the difference"
    REMOVE_LAST = "it is drained and removed once its successor serves"
    NONE = "nothing is done: it is not Pulumi's"


@dataclass(frozen=True)
class Fault:
    """One thing that is wrong."""

    what: str
    cure: Cure
    container: str = ""
    """Id of the container that it is about."""
    urn: str = ""
    """Of the resource to make anew."""


def diagnose(
    locks: Sequence[Lock], operations: Sequence[str], resources: Sequence[Recorded], view: View, free_gib: float | None
) -> list[Fault]:
    """Say what is wrong, in the order of the cures. `free_gib` is None where the engine is elsewhere."""
    faults = [
        *_disk(free_gib),
        *(Fault(f"locked by {lock}, which has ended", Cure.UNLOCK) for lock in locks),
        *(Fault(f"interrupted: {operation}", Cure.CLEAR) for operation in operations),
        *(fault for resource in resources for fault in _of_resource(resource, view)),
        *(_by_hand(resource, drift) for resource in resources for drift in changed_facts(resource, view)),
        *orphans(resources, view),
    ]
    return sorted(faults, key=lambda fault: list(Cure).index(fault.cure))


def orphans(resources: Sequence[Recorded], view: View) -> list[Fault]:
    """Find containers that carry the stack's label and are not in its state: an interrupted update made them."""
    known = {resource.id for resource in resources}
    return [
        Fault(f"{container['Name'][1:]} ({status(container)}) is in no state", _orphan_s_cure(container), id_)
        for id_, container in view.containers.items()
        if id_ not in known
    ]


def _orphan_s_cure(container: Mapping[str, Any]) -> Cure:
    """Tell by its name whether Pulumi made it; a name with a random end is one of several that may stand together."""
    stack = (container["Config"].get("Labels") or {}).get(STACK_LABEL)
    own = re.escape(f"/{PROJECT}-{stack}-{workload(container)}")
    if re.fullmatch(own, container["Name"]):
        return Cure.REMOVE_FIRST
    return Cure.REMOVE_LAST if re.fullmatch(f"{own}-[0-9a-f]{{5}}", container["Name"]) else Cure.NONE


def _by_hand(resource: Recorded, drift: Drift) -> Fault:
    """Tell what cures a changed container: the provider reads neither variables, labels nor files back."""
    unseen = drift.what.startswith((NAME_ONLY, LABEL, "/"))
    what = f"{drift.resource}: {drift.what} {drift.found}, not {drift.wanted}"
    return Fault(what, Cure.REPLACE, urn=resource.urn) if unseen else Fault(what, Cure.UPDATE)


def _disk(free_gib: float | None) -> list[Fault]:
    if free_gib is None or free_gib >= LEAST_FREE_GIB:
        return []
    return [Fault(f"disk nearly full: {free_gib:.1f} GiB free, {LEAST_FREE_GIB:.0f} needed", Cure.FREE_DISK)]


def _of_resource(resource: Recorded, view: View) -> list[Fault]:
    if resource.leaving:
        left = resource.is_container and resource.id in view.containers
        return [Fault(f"{resource.name}: the one before is still there", Cure.UPDATE)] if left else []
    if resource.kind == VOLUME and resource.id not in view.volumes:
        return [Fault(f"the volume of {resource.name} is missing, its data with it", Cure.UPDATE)]
    if resource.kind == NETWORK and resource.id not in view.networks:
        return [Fault(f"{resource.name} is missing", Cure.UPDATE)]
    if not resource.is_container:
        return []
    container = view.containers.get(resource.id)
    if container is None:
        return [Fault(f"{resource.name} is missing", Cure.UPDATE)]
    word = str(container["State"]["Status"])
    stopped = resource.must_run and word in STOPPED
    return [Fault(f"{resource.name} is {word}", Cure.START, resource.id)] if stopped else []
