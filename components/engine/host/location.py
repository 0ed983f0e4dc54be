"""Where the engine behind a socket runs: on this machine or, as with Docker Desktop, on another one."""

import socket
from collections.abc import Mapping
from enum import Enum
from pathlib import Path
from typing import Any

ALWAYS_IN_DATA_FOLDER = "containers"
"""A folder that each engine makes below its data folder."""


class Location(Enum):
    """Where the engine runs."""

    HERE = "here"
    VIRTUAL_MACHINE = "virtual machine"
    """Docker Desktop's: it publishes its ports on this machine, and its disk is its own."""
    ELSEWHERE = "elsewhere"
    """Behind a forwarded socket, or around the container that this program runs in."""


def locate(info: Mapping[str, Any]) -> Location:
    """Return where the engine runs, from what `docker info` shows."""
    if info.get("OperatingSystem") == "Docker Desktop":
        return Location.VIRTUAL_MACHINE
    return Location.HERE if info.get("Name") == socket.gethostname() else Location.ELSEWHERE


def data_folder(info: Mapping[str, Any]) -> Path | None:
    """Return the engine's data folder; None where this machine has none or shows another file system in its place."""
    folder = Path(str(info.get("DockerRootDir") or ""))
    if locate(info) is not Location.HERE or not folder.is_absolute():
        return None
    try:
        (folder / ALWAYS_IN_DATA_FOLDER).stat()
    except PermissionError:
        # Its rights are root's: it is there.
        return folder
    except OSError:
        return None
    return folder


def warnings(info: Mapping[str, Any]) -> list[str]:
    """Return what cannot be checked of an engine elsewhere; nothing for the others."""
    if locate(info) is not Location.ELSEWHERE:
        return []
    return [
        (
            f"Docker's engine runs on {info.get('Name')}, and this is {socket.gethostname()}: disk and ports are not"
            " checked, and its ports must be forwarded here"
        )
    ]
