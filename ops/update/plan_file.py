"""A plan that a preview saved, and how it differs from another one."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ops.errors import OperationError
from ops.stack.config_file import flatten

CIPHERTEXT = "ciphertext"
"""Key of an encrypted value in a plan; the value is different each time."""


def read_plan(file: Path) -> dict[str, Any]:
    """Return a plan.

    Raises:
        OperationError: if the file is missing or is not a plan.
    """
    try:
        plan = json.loads(file.read_text())
    except FileNotFoundError as error:
        cure = "`python -m ops preview STACK --save-plan` writes one"
        raise OperationError(f"{file}: there is no such plan; {cure}") from error
    except ValueError as error:
        raise OperationError(f"{file}: is not a plan") from error
    if not isinstance(plan, dict) or "resourcePlans" not in plan:
        raise OperationError(f"{file}: is not a plan")
    return plan


def is_plan(file: Path) -> bool:
    """Return whether a file is a plan."""
    try:
        read_plan(file)
    except OperationError:
        return False
    return True


def plan_differences(planned: Mapping[str, Any], now: Mapping[str, Any]) -> list[str]:
    """Return the settings in which two plans differ, else the resources; secrets of resources are not compared."""
    settings = _differing_keys(_settings(planned), _settings(now))
    return settings or [urn.rsplit("::", 1)[-1] for urn in _differing_keys(_steps(planned), _steps(now))]


def plan_differs_error(file: Path, stack: str, differing: list[str]) -> str:
    """Return the error for a plan that is not applied."""
    where = f" in {', '.join(differing)}" if differing else ""
    return (
        f"nothing was changed: what would be done now differs{where} from what was reviewed in {file};"
        f" look again with `python -m ops preview {stack}`"
    )


def _differing_keys(one: Mapping[str, Any], other: Mapping[str, Any]) -> list[str]:
    return [key for key in sorted(one.keys() | other.keys()) if one.get(key) != other.get(key)]


def _settings(plan: Mapping[str, Any]) -> dict[str, Any]:
    """Return the plan's settings by their paths; encrypted ones are as in the stack's file."""
    config = plan.get("config") or {}
    return {path.removesuffix(".secure"): text for key in config for path, text in flatten(key, config[key]).items()}


def _steps(plan: Mapping[str, Any]) -> dict[str, Any]:
    """Return what the plan does to each resource."""
    return {
        urn: (resource.get("steps"), _without_ciphertext(resource.get("goal", {}).get("inputDiff")))
        for urn, resource in plan["resourcePlans"].items()
    }


def _without_ciphertext(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _without_ciphertext(inner) for key, inner in value.items() if key != CIPHERTEXT}
    return [_without_ciphertext(inner) for inner in value] if isinstance(value, list) else value
