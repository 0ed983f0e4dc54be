"""The disk below the engine's data folder."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from components.engine.host.location import data_folder

MIN_FREE_GIB = 2.0
"""Below it Postgres may stop taking writes within hours of spend logs."""
MIN_FREE_FILES = 20_000
"""Files that may be created. An image has tens of thousands."""
CONTAINERD_STORE = ["driver-type", "io.containerd.snapshotter.v1"]
"""What `docker info` shows of an engine whose images are containerd's, the default of Docker 29."""
CONTAINERD_FOLDER = Path("/var/lib/containerd")
CURE = "`docker image prune` frees images that nothing uses"


@dataclass(frozen=True)
class Disk:
    """One file system."""

    free_gib: float
    free_files: int | None
    """None where the file system does not count them."""
    read_only: bool


def engine_disk(info: Mapping[str, Any]) -> Disk | None:
    """Return the fuller of the file systems of the engine's data and images; None when they are not on this machine."""
    folder = data_folder(info)
    if folder is None:
        return None
    folders = [folder, *([CONTAINERD_FOLDER] if CONTAINERD_STORE in (info.get("DriverStatus") or ()) else [])]
    return min((found for each in folders if (found := disk(each))), key=lambda each: each.free_gib, default=None)


def warnings(info: Mapping[str, Any]) -> list[str]:
    """Return a sentence when the engine stores more than it needs."""
    if info.get("Driver") != "vfs":
        return []
    return ["storage driver vfs copies the whole image for each container; let the engine use overlay2"]


def disk(folder: Path) -> Disk | None:
    """Return a folder's file system, that of its nearest parent where only root may see it; None where it is not."""
    for place in (folder, *folder.parents):
        try:
            found = os.statvfs(place)
        except PermissionError:
            continue
        except OSError:
            return None
        return Disk(
            free_gib=found.f_bavail * found.f_frsize / 2**30,
            free_files=found.f_favail if found.f_files else None,
            read_only=bool(found.f_flag & os.ST_RDONLY),
        )
    return None


def refusals(found: Disk | None, pulls_gib: float = 0.0) -> list[str]:
    """Return why the disk is not enough; `pulls_gib` is the size of the images that are still to be pulled."""
    if found is None:
        return []
    if found.read_only:
        return ["disk: the file system of Docker's root is read-only; mount it again, or look at its errors (`dmesg`)"]
    sentences = []
    if found.free_gib < MIN_FREE_GIB + pulls_gib:
        needed = f"{MIN_FREE_GIB + pulls_gib:.0f} needed" + (
            f", {pulls_gib:.0f} of them for images to pull" if pulls_gib else ""
        )
        sentences.append(f"disk nearly full: {found.free_gib:.1f} GiB free under Docker's root, {needed}; {CURE}")
    if found.free_files is not None and found.free_files < MIN_FREE_FILES:
        sentences.append(
            f"disk nearly full: its file system has room for {found.free_files} more files under Docker's root,"
            f" {MIN_FREE_FILES} needed; {CURE}"
        )
    return sentences
