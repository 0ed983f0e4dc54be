"""The images that an update brings."""

from collections.abc import Iterable

from ops.stack.state import IMAGE
from ops.update.operations import Inputs, Operation, OperationKind


def new_images(operations: Iterable[Operation]) -> tuple[str, ...]:
    """Return the images that operations bring: on Docker they are resources, on a cluster they stand in pods."""
    found = [
        image
        for operation in operations
        if operation.kind is not OperationKind.DELETED
        for image in _images(operation.type, operation.new)
        if image not in _images(operation.type, operation.old)
    ]
    return tuple(dict.fromkeys(found))


def _images(type_: str, inputs: Inputs) -> list[str]:
    if type_ == IMAGE:
        return [str(inputs["name"])] if "name" in inputs else []
    spec = inputs.get("spec")
    pod = (spec.get("template") or {}).get("spec") if isinstance(spec, dict) else None
    return [str(container["image"]) for container in (pod or {}).get("containers") or []]
