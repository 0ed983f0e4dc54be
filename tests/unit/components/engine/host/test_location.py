"""Where the engine behind a socket runs."""

import socket
from pathlib import Path

import pytest

from components.engine.host.location import Location, data_folder, locate, warnings

HERE = {"Name": socket.gethostname(), "OperatingSystem": "Debian GNU/Linux 12 (bookworm)"}
DESKTOP = {"Name": "docker-desktop", "OperatingSystem": "Docker Desktop"}
COLIMA = {"Name": "colima", "OperatingSystem": "Ubuntu 24.04.1 LTS"}


def test_engine_with_this_machine_s_name_is_here() -> None:
    assert [locate(info) for info in (HERE, DESKTOP, COLIMA)] == [
        Location.HERE,
        Location.VIRTUAL_MACHINE,
        Location.ELSEWHERE,
    ]


def test_engine_elsewhere_is_warned_of_by_name() -> None:
    assert [warnings(HERE), warnings(DESKTOP)] == [[], []]
    (warning,) = warnings(COLIMA)
    assert warning.startswith(f"Docker's engine runs on colima, and this is {socket.gethostname()}: ")


def test_data_folder_is_the_engine_s_own(tmp_path: Path) -> None:
    info = {**HERE, "DockerRootDir": str(tmp_path)}
    assert data_folder(info) is None, "another file system in its place"
    (tmp_path / "containers").mkdir()
    assert data_folder(info) == tmp_path
    assert data_folder({**COLIMA, "DockerRootDir": str(tmp_path)}) is None
    assert data_folder({**DESKTOP, "DockerRootDir": str(tmp_path)}) is None


@pytest.mark.parametrize("root", ["/nonexistent/docker", "", None])
def test_absent_data_folder_is_none(root: str | None) -> None:
    assert data_folder({**HERE, "DockerRootDir": root}) is None


def test_data_folder_that_only_root_may_read_is_there(monkeypatch: pytest.MonkeyPatch) -> None:
    def denied(_: Path) -> None:
        raise PermissionError

    monkeypatch.setattr(Path, "stat", denied)
    assert data_folder({**HERE, "DockerRootDir": "/var/lib/docker"}) == Path("/var/lib/docker")
