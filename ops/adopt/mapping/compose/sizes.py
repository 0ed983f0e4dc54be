"""Limits and replicas of a Compose service."""

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from ops.adopt.draft import Draft, Place

SIZES = ("cpus", "cpuset", "deploy", "mem_limit", "mem_reservation", "scale", "stop_grace_period")
"""Keys of a service that say how large it is."""
MEMORY_UNITS = {"": 1, "b": 1, "k": 2**10, "m": 2**20, "g": 2**30}
LEAST_MEMORY = {"litellm": 1024, "postgres": 256, "redis": 64, "monitoring": 128, "monitoring.grafana": 128}
"""Part of the gateway → the least MiB that its setting takes."""
SHARED = "processors are shared by weight; litellm.cpuset names those that LiteLLM may use"


def map_size(key: str, value: Any, place: Place, part: str, draft: Draft) -> None:
    """Give one of SIZES a place in the draft; `part` is the part of the gateway that the service becomes."""
    if key == "mem_limit":
        _memory(value, place, part, draft)
    elif key == "deploy" and isinstance(value, Mapping):
        _deploy(value, place, part, draft)
    elif key == "scale" and part == "litellm":
        draft.set("litellm.replicas", value, place)
    elif key == "cpuset" and part == "litellm":
        draft.set("litellm.cpuset", str(value), place)
    elif key == "stop_grace_period" and part == "litellm" and seconds(str(value)):
        draft.set("litellm.stop_timeout", seconds(str(value)), place)
    elif key == "cpus":
        draft.no_counterpart(place, SHARED)
    else:
        draft.no_counterpart(place, "only limits and replicas have settings")


def mebibytes(text: str) -> int:
    """Return the MiB of Compose's size, such as 2g; 0 if it is none."""
    match = re.fullmatch(r"(\d+(?:\.\d+)?)\s*([bkmg]?)i?b?", text.lower())
    return int(float(match[1]) * MEMORY_UNITS[match[2]] / 2**20) if match else 0


def seconds(text: str) -> int:
    """Return the seconds of Compose's duration, such as 1m30s; 0 if it is none."""
    units = {"h": 3600, "m": 60, "s": 1}
    return sum(int(number) * units[unit] for number, unit in re.findall(r"(\d+)(h|m|s)", text))


def _deploy(deploy: Mapping[str, Any], place: Place, part: str, draft: Draft) -> None:
    draft.no_counterpart(place, "only the memory limit and replicas have settings")
    if part == "litellm" and "replicas" in deploy:
        draft.set("litellm.replicas", deploy["replicas"], replace(place, path=(*place.path, "replicas")))
    resources = deploy.get("resources")
    limits = resources.get("limits") if isinstance(resources, Mapping) else None
    if isinstance(limits, Mapping) and "memory" in limits:
        path = (*place.path, "resources", "limits", "memory")
        _memory(limits["memory"], replace(place, path=path), part, draft)


def _memory(value: Any, place: Place, part: str, draft: Draft) -> None:
    mib = mebibytes(str(value))
    if mib < LEAST_MEMORY[part]:
        draft.no_counterpart(place, f"{part}.memory_mib is at least {LEAST_MEMORY[part]}; its default holds")
    else:
        draft.set(f"{part}.memory_mib", mib, place)
