"""Events of a preview, as Pulumi writes them."""

from typing import Any

from pulumi.automation import EngineEvent

from ops.stack.state import CONTAINER

SECRETS = {"4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270", "ciphertext": "[secret]"}
UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9"
IMAGE = "docker:index/remoteImage:RemoteImage"


def event(
    op: str,
    name: str,
    old: dict[str, Any] | None = None,
    new: dict[str, Any] | None = None,
    keys: tuple[str, ...] = (),
    *,
    kind: str = CONTAINER,
) -> EngineEvent:
    """One step of a preview; `keys` are paths of inputs that differ."""
    urn = f"urn:pulumi:dev::gateway::{kind}::{name}"
    state = {"type": kind, "urn": urn, "id": "", "custom": True, "parent": "", "provider": "", "outputs": {}}
    step = {
        "op": op, "urn": urn, "type": kind, "provider": "",
        "old": None if old is None else {**state, "inputs": old},
        "new": None if new is None else {**state, "inputs": new},
        "diffs": list(keys) or None,
        "detailedDiff": {key: {"diffKind": "update", "inputDiff": False} for key in keys} or None,
    }  # fmt: skip
    return EngineEvent.from_json(
        {"sequence": 0, "timestamp": 0, "resourcePreEvent": {"metadata": step, "planning": True}}
    )


def beside(name: str, old: dict[str, Any], new: dict[str, Any], *keys: str, kind: str = CONTAINER) -> list[EngineEvent]:
    """A container, or what else, that is replaced by one beside it."""
    return [
        event("create-replacement", name, old, new, keys, kind=kind),
        event("replace", name, old, new, keys, kind=kind),
        event("delete-replaced", name, old, kind=kind),
    ]


def stopped(name: str, old: dict[str, Any], new: dict[str, Any], *keys: str) -> list[EngineEvent]:
    """A container that is stopped before its successor is made."""
    return [
        event("delete-replaced", name, old),
        event("replace", name, old, new, keys),
        event("create-replacement", name, old, new, keys),
    ]


def data_container(path: str, text: str) -> dict[str, Any]:
    """Inputs of a data container with one file."""
    return {"start": False, "uploads": [{"__defaults": [], "file": path, "content": text}]}
