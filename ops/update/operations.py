"""What an update would do to each resource, read from the events of Pulumi's preview."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import Any

from pulumi.automation import EngineEvent, OpType
from pulumi.automation.events import StepEventMetadata

from ops.update.stopwatch import CONTAINER

MIGRATION = "migration"
"""Name of the one-shot container that brings the schema to what the image needs."""

OWN_TYPES = ("pulumi:", "gateway:")
"""Types of what is Pulumi's own, and of components: neither is anything on the engine."""

Inputs = Mapping[str, Any]


class Action(Enum):
    """What happens to a resource."""

    MADE = "made"
    CHANGED = "changed in place"
    REPLACED = "replaced, the new one beside the old"
    STOPPED_FIRST = "stopped, then replaced"
    REMOVED = "removed"


@dataclass(frozen=True)
class Change:
    """One resource that an update touches. Secrets are masked: Pulumi's events hold none."""

    name: str
    kind: str
    """Type token, e.g. `docker:index/container:Container`."""
    action: Action
    keys: tuple[str, ...] = ()
    """Names of the inputs that differ."""
    old: Inputs = field(default_factory=dict)
    new: Inputs = field(default_factory=dict)

    @property
    def is_container(self) -> bool:
        """Whether it is a container, be it one that only carries files."""
        return self.kind == CONTAINER

    @property
    def is_carrier(self) -> bool:
        """Whether it is a container that carries files and never runs."""
        return self.is_container and (self.new or self.old).get("start") is False

    @property
    def is_migration(self) -> bool:
        """Whether a migration runs."""
        return self.is_container and self.name == MIGRATION and self.action is not Action.REMOVED


def changes(events: Iterable[EngineEvent]) -> list[Change]:
    """Give what a preview's events would do, in the order in which it begins; what stays the same is left out."""
    steps: dict[str, list[StepEventMetadata]] = {}
    for event in events:
        if event.resource_pre_event and not event.resource_pre_event.metadata.type.startswith(OWN_TYPES):
            step = event.resource_pre_event.metadata
            steps.setdefault(step.urn, []).append(step)
    return [found for of_one in steps.values() if (found := _change(of_one))]


_REPLACING = (OpType.CREATE_REPLACEMENT, OpType.REPLACE)
_SIMPLE = {OpType.CREATE: Action.MADE, OpType.UPDATE: Action.CHANGED, OpType.DELETE: Action.REMOVED}


def _change(steps: list[StepEventMetadata]) -> Change | None:
    operations = [step.op for step in steps]
    replacing = next((step for step in steps if step.op in _REPLACING), None)
    if replacing:
        stops_first = operations[0] is OpType.DELETE_REPLACED
        return _made(replacing, Action.STOPPED_FIRST if stops_first else Action.REPLACED)
    if OpType.DELETE_REPLACED in operations:
        return _made(steps[operations.index(OpType.DELETE_REPLACED)], Action.REMOVED)
    return next((_made(step, _SIMPLE[step.op]) for step in steps if step.op in _SIMPLE), None)


def _made(step: StepEventMetadata, action: Action) -> Change:
    keys = [*(step.diffs or []), *(step.detailed_diff or {})]
    return Change(
        name=step.urn.rsplit("::", 1)[-1],
        kind=step.type,
        action=action,
        keys=tuple(dict.fromkeys(_top(key) for key in keys if not key.startswith("__"))),
        old=(step.old.inputs if step.old else None) or {},
        new=(step.new.inputs if step.new else None) or {},
    )


def _top(path: str) -> str:
    """Give the input that a path lies in: `uploads` of `uploads[0].content`."""
    return path.partition("[")[0].partition(".")[0]
