"""What Pulumi's state says of a stack's resources."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from ops.update.stopwatch import CONTAINER

PLAINTEXT = "plaintext"
"""Key beside which an exported state holds a secret's value, as JSON."""


@dataclass(frozen=True)
class Recorded:
    """One resource that the state holds. Secrets are in clear, hence in no printed form."""

    name: str
    urn: str
    kind: str
    id: str
    leaving: bool
    """Whether it is replaced and only waits to be deleted."""
    inputs: Mapping[str, Any] = field(repr=False)

    @property
    def is_container(self) -> bool:
        """Whether it is a container."""
        return self.kind == CONTAINER

    @property
    def is_carrier(self) -> bool:
        """Whether it is a container that carries files and never runs."""
        return self.is_container and self.inputs.get("start") is False

    @property
    def must_run(self) -> bool:
        """Whether it is a container that has to run for ever."""
        return self.is_container and not self.is_carrier and self.inputs.get("mustRun") is not False


def recorded(deployment: Mapping[str, Any] | None) -> list[Recorded]:
    """Read the resources of an exported state; components, which are nothing on the engine, are left out."""
    return [
        Recorded(
            name=name_of(resource),
            urn=str(resource["urn"]),
            kind=str(resource["type"]),
            id=str(resource["id"]),
            leaving=bool(resource.get("delete")),
            inputs=plain(resource.get("inputs") or {}),
        )
        for resource in (deployment or {}).get("resources") or []
        if resource.get("id") and not str(resource["type"]).startswith("pulumi:")
    ]


def unfinished(deployment: Mapping[str, Any] | None) -> list[str]:
    """Say which operations an update began and never ended, e.g. `creating litellm-1`."""
    pending = (deployment or {}).get("pending_operations") or []
    return [f"{operation['type']} {name_of(operation['resource'])}" for operation in pending]


def name_of(resource: Mapping[str, Any]) -> str:
    """Give the name of a resource as the program gave it."""
    return str(resource["urn"]).rsplit("::", 1)[-1]


def plain(value: Any) -> Any:
    """Take secrets out of their wrapping."""
    if isinstance(value, Mapping):
        if PLAINTEXT in value:
            return plain(json.loads(value[PLAINTEXT]))
        return {key: plain(inner) for key, inner in value.items()}
    return [plain(inner) for inner in value] if isinstance(value, list) else value
