"""What a cluster's API says of a pod."""

from collections.abc import Mapping
from typing import Any


def is_ready(pod: Mapping[str, Any]) -> bool:
    """Return whether a pod's own checks are good."""
    conditions = pod.get("status", {}).get("conditions") or []
    return any((each["type"], each["status"]) == ("Ready", "True") for each in conditions)


def is_over(pod: Mapping[str, Any]) -> bool:
    """Return whether a pod has ended, or was told to."""
    ended = pod.get("status", {}).get("phase") in ("Succeeded", "Failed")
    return ended or bool(pod["metadata"].get("deletionTimestamp"))
