"""A saved plan as data: what one preview meant to do, compared with another."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ops.errors import OperationError
from ops.stack.revision import flat

ENCRYPTED = "ciphertext"
"""Key beside which Pulumi puts an encrypted value of a resource; it is another text each time."""


def read(file: Path) -> dict[str, Any]:
    """Read a plan.

    Raises:
        OperationError: when the file is none.
    """
    try:
        plan = json.loads(file.read_text())
    except FileNotFoundError as error:
        raise OperationError(
            f"{file}: there is no such plan; `python -m ops preview STACK --save-plan` writes one"
        ) from error
    except ValueError as error:
        raise OperationError(f"{file}: is no plan") from error
    if not isinstance(plan, dict) or "resourcePlans" not in plan:
        raise OperationError(f"{file}: is no plan")
    return plan


def differing(planned: Mapping[str, Any], now: Mapping[str, Any]) -> list[str]:
    """Name the settings, else the resources, in which two plans differ; what is secret in a resource is not seen."""
    settings = _differing(_settings(planned), _settings(now))
    return settings or [urn.rsplit("::", 1)[-1] for urn in _differing(_deeds(planned), _deeds(now))]


def refusal(file: Path, stack: str, differences: list[str]) -> str:
    """Say that a plan is not applied, and why."""
    where = f" in {', '.join(differences)}" if differences else ""
    return (
        f"nothing was changed: what would be done now differs{where} from what was reviewed in {file};"
        f" look again with `python -m ops preview {stack}`"
    )


def _differing(one: Mapping[str, Any], other: Mapping[str, Any]) -> list[str]:
    return [key for key in sorted(one.keys() | other.keys()) if one.get(key) != other.get(key)]


def _settings(plan: Mapping[str, Any]) -> dict[str, Any]:
    """Give the plan's settings by their paths. Encrypted ones are as the stack's file has them."""
    config = plan.get("config") or {}
    return {path.removesuffix(".secure"): text for key in config for path, text in flat(key, config[key]).items()}


def _deeds(plan: Mapping[str, Any]) -> dict[str, Any]:
    """Give what the plan does to each resource."""
    return {
        urn: (resource.get("steps"), _open(resource.get("goal", {}).get("inputDiff")))
        for urn, resource in plan["resourcePlans"].items()
    }


def _open(value: Any) -> Any:
    """Leave out what is encrypted."""
    if isinstance(value, dict):
        return {key: _open(inner) for key, inner in value.items() if key != ENCRYPTED}
    return [_open(inner) for inner in value] if isinstance(value, list) else value
