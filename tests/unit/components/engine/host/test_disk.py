"""The disk below Docker's root."""

import os
import socket
from dataclasses import replace
from pathlib import Path

import pytest

from components.engine.host import disk as disk_module
from components.engine.host.disk import MIN_FREE_FILES, Disk, disk, engine_disk, refusals, warnings

ROOMY = Disk(free_gib=50.0, free_files=10**6, read_only=False)


def test_folder_s_disk_is_its_file_system_s(tmp_path: Path) -> None:
    found, expected = disk(tmp_path), os.statvfs(tmp_path)
    assert found
    assert found.free_gib == pytest.approx(expected.f_bavail * expected.f_frsize / 2**30, abs=1)
    assert not found.read_only


def test_absent_folder_has_no_disk(tmp_path: Path) -> None:
    assert disk(tmp_path / "absent") is None
    assert engine_disk({"Name": "colima", "DockerRootDir": "/var/lib/docker"}) is None


def test_folder_that_only_root_may_see_has_its_parent_s_disk(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    # Asked once: other programs write to this disk.
    found = os.statvfs(tmp_path)

    def denied(place: Path) -> os.statvfs_result:
        if place != tmp_path:
            raise PermissionError
        return found

    monkeypatch.setattr(os, "statvfs", denied)
    assert disk(tmp_path / "100000.100000") == disk(tmp_path)


def test_disk_of_images_counts_where_they_are_containerd_s(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "containers").mkdir()
    info = {"Name": socket.gethostname(), "DockerRootDir": str(tmp_path), "DriverStatus": [["Supports d_type", "true"]]}
    sizes = {tmp_path: replace(ROOMY, free_gib=9.0), disk_module.CONTAINERD_FOLDER: replace(ROOMY, free_gib=1.0)}
    monkeypatch.setattr(disk_module, "disk", sizes.get)
    assert engine_disk(info) == sizes[tmp_path]
    info["DriverStatus"] = [["driver-type", "io.containerd.snapshotter.v1"]]
    assert engine_disk(info) == sizes[disk_module.CONTAINERD_FOLDER]


def test_storage_driver_that_copies_images_is_warned_of() -> None:
    assert warnings({"Driver": "overlay2"}) == warnings({}) == []
    assert len(warnings({"Driver": "vfs"})) == 1


def test_disk_that_is_roomy_or_unknown_is_accepted() -> None:
    assert refusals(ROOMY) == refusals(None, 5.0) == []
    assert refusals(Disk(50.0, None, read_only=False)) == []


@pytest.mark.parametrize(
    ("found", "pulls", "sentence"),
    [
        (Disk(1.9, 10**6, read_only=False), 0.0, "disk nearly full: 1.9 GiB free under Docker's root, 2 needed; "),
        (Disk(6.0, 10**6, read_only=False), 5.0, "6.0 GiB free under Docker's root, 7 needed, 5 of them for images"),
        (Disk(50.0, MIN_FREE_FILES - 1, read_only=False), 0.0, "has room for 19999 more files"),
        (Disk(50.0, 10**6, read_only=True), 0.0, "the file system of Docker's root is read-only"),
    ],
)
def test_disk_that_is_not_enough_is_refused(found: Disk, pulls: float, sentence: str) -> None:
    (refusal,) = refusals(found, pulls)
    assert sentence in refusal
