"""Whether the engine is one that Pulumi's plugin and this project can use."""

import os
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

MIN_API = (1, 41)
"""Of Docker Engine 20.10, the first that knows `host-gateway` and cgroups of version 2."""
BUILT_PLUGIN_API = (1, 41)
"""Newest API that the plugin speaks which bootstrap builds; Pulumi's own speaks newer ones."""
BUILT_PLUGIN_MARK = b"gateway/bootstrap/schema"
"""Name of a package of bootstrap/offline/go, which its programs hold."""
OFFICIAL_ARCHITECTURES = ("x86_64", "amd64", "aarch64", "arm64")
PODMAN = "Podman Engine"


def refusals(version: Mapping[str, Any], info: Mapping[str, Any], built_plugin: Callable[[], bool]) -> list[str]:
    """Return why the engine cannot be used.

    Args:
        version: what `docker version` shows.
        info: what `docker info` shows.
        built_plugin: says whether bootstrap built Pulumi's plugin; asked only when it matters.
    """
    if is_podman(version):
        return ["this engine is Podman, whose networks and containers differ; start Docker Engine"]
    if (system := info.get("OSType", "linux")) != "linux":
        return [f"this engine runs containers of {system}; switch it to Linux containers"]
    number, newest = version.get("Version"), str(version.get("ApiVersion") or "")
    if newest and _number(newest) < MIN_API:
        return [f"Docker Engine {number} is too old: 20.10 or newer is needed"]
    oldest = str(version.get("MinAPIVersion") or "")
    if oldest and _number(oldest) > BUILT_PLUGIN_API and built_plugin():
        return [
            (
                f"Docker Engine {number} takes API {oldest} and newer, and the plugin that was built here speaks 1.41; "
                "set DOCKER_MIN_API_VERSION=1.40 in the engine's environment, or use Docker Engine 29.3 or newer"
            )
        ]
    return []


def is_podman(version: Mapping[str, Any]) -> bool:
    """Return whether Podman answers in Docker's place."""
    return any(part.get("Name") == PODMAN for part in version.get("Components") or ())


def uses_built_plugin(environment: Mapping[str, str] = os.environ) -> bool:
    """Return whether Pulumi's plugin for Docker was built by bootstrap."""
    home = Path(environment.get("PULUMI_HOME") or Path("~/.pulumi").expanduser())
    programs = sorted(home.glob("plugins/resource-docker-v*/pulumi-resource-docker"))
    try:
        return bool(programs) and BUILT_PLUGIN_MARK in programs[-1].read_bytes()
    except OSError:
        return False


def _number(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in version.split(".") if part.isdigit())
