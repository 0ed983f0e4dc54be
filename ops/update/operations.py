"""What an update would do to each resource, read from the events of Pulumi's preview."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from enum import Enum
from typing import Any

from pulumi.automation import EngineEvent, OpType
from pulumi.automation.events import StepEventMetadata

from ops.stack.state import CONFIG_MAP, CONTAINER, DEPLOYMENT, JOB, SECRET, STATEFUL_SET

MIGRATION = "migration"
"""Name of the job that migrates the database to the schema of LiteLLM's image."""
RUNNING = (CONTAINER, DEPLOYMENT, STATEFUL_SET, JOB)
"""Types of what runs, on either engine."""
NOT_ON_ENGINE = ("pulumi:", "gateway:")
"""Prefixes of the types that are not on the engine: Pulumi's own, and components."""

Inputs = Mapping[str, Any]


class OperationKind(Enum):
    """What happens to a resource."""

    CREATED = "created"
    UPDATED = "changed in place"
    REPLACED = "replaced, the new one beside the old"
    STOPPED_FIRST = "stopped, then replaced"
    DELETED = "removed"


@dataclass(frozen=True)
class Operation:
    """What happens to one resource. Pulumi masks secrets in its events, so there are none here."""

    name: str
    type: str
    """Type token, e.g. `docker:index/container:Container`."""
    kind: OperationKind
    keys: tuple[str, ...] = ()
    """Names of the inputs that differ."""
    old: Inputs = field(default_factory=dict)
    new: Inputs = field(default_factory=dict)

    @property
    def is_container(self) -> bool:
        """Whether the resource is a container or what runs some on a cluster, data containers included."""
        return self.type in RUNNING

    @property
    def is_data_container(self) -> bool:
        """Whether the resource only holds files for others: a container that never runs, a ConfigMap or a Secret."""
        return self.type in (CONFIG_MAP, SECRET) or (
            self.type == CONTAINER and (self.new or self.old).get("start") is False
        )

    @property
    def is_migration(self) -> bool:
        """Whether the database migration runs."""
        return self.is_container and self.name == MIGRATION and self.kind is not OperationKind.DELETED


def parse_operations(events: Iterable[EngineEvent]) -> list[Operation]:
    """Return the operations of a preview by the names of the resources; those that stay the same are left out.

    The order of the events says nothing: Pulumi registers resources that do not depend on one another in any order.
    """
    steps: dict[str, list[StepEventMetadata]] = {}
    for event in events:
        if event.resource_pre_event and not event.resource_pre_event.metadata.type.startswith(NOT_ON_ENGINE):
            step = event.resource_pre_event.metadata
            steps.setdefault(step.urn, []).append(step)
    found = [operation for of_one in steps.values() if (operation := _operation(of_one))]
    return sorted(found, key=lambda operation: operation.name)


_REPLACING = (OpType.CREATE_REPLACEMENT, OpType.REPLACE)
_SIMPLE = {
    OpType.CREATE: OperationKind.CREATED,
    OpType.UPDATE: OperationKind.UPDATED,
    OpType.DELETE: OperationKind.DELETED,
}


def _operation(steps: list[StepEventMetadata]) -> Operation | None:
    types = [step.op for step in steps]
    replacing = next((step for step in steps if step.op in _REPLACING), None)
    if replacing:
        stops_first = types[0] is OpType.DELETE_REPLACED
        return _of_step(replacing, OperationKind.STOPPED_FIRST if stops_first else OperationKind.REPLACED)
    if OpType.DELETE_REPLACED in types:
        return _of_step(steps[types.index(OpType.DELETE_REPLACED)], OperationKind.DELETED)
    simple = next((_of_step(step, _SIMPLE[step.op]) for step in steps if step.op in _SIMPLE), None)
    return replace(simple, kind=_kind_on_cluster(simple)) if simple else None


def _kind_on_cluster(operation: Operation) -> OperationKind:
    """Return what an update means for the pods of a resource, which is itself changed in place."""
    if operation.kind is not OperationKind.UPDATED or operation.type not in (DEPLOYMENT, STATEFUL_SET):
        return operation.kind
    old, new = (each.get("spec") or {} for each in (operation.old, operation.new))
    if old.get("template") == new.get("template"):
        return operation.kind
    recreates = (new.get("strategy") or {}).get("type") == "Recreate"
    return OperationKind.STOPPED_FIRST if operation.type == STATEFUL_SET or recreates else OperationKind.REPLACED


def _of_step(step: StepEventMetadata, kind: OperationKind) -> Operation:
    keys = [*(step.diffs or []), *(step.detailed_diff or {})]
    return Operation(
        name=step.urn.rsplit("::", 1)[-1],
        type=step.type,
        kind=kind,
        keys=tuple(dict.fromkeys(_input_name(key) for key in keys if not key.startswith("__"))),
        old=(step.old.inputs if step.old else None) or {},
        new=(step.new.inputs if step.new else None) or {},
    )


def _input_name(path: str) -> str:
    """Return the input that a path is in: `uploads` for `uploads[0].content`."""
    return path.partition("[")[0].partition(".")[0]
