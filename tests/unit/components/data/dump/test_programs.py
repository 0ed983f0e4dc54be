"""The programs of the backup container that need no database."""

import os
import subprocess
import time
from pathlib import Path

import pytest

from components.data.backup import PROGRAMS


def run(program: str, **environment: str) -> subprocess.CompletedProcess[str]:
    command = ["sh", str(PROGRAMS / program)]
    return subprocess.run(command, env=os.environ | environment, capture_output=True, text=True, check=False)


def make(folder: Path, *names: str) -> None:
    for name in names:
        for suffix in (".dump", ".json"):
            (folder / f"{name}{suffix}").touch()


def test_newest_dumps_of_each_reason_are_kept(tmp_path: Path) -> None:
    scheduled = [f"2026010{day}T000000Z-schedule" for day in (1, 2, 3)]
    make(tmp_path, *scheduled, "20250101T000000Z-manual", "20240101T000000Z-before-migration")
    (tmp_path / ".image").touch()
    assert run("prune.sh", DUMPS=str(tmp_path), KEEP="2").returncode == 0
    left = {file.stem for file in tmp_path.glob("*Z-*")}
    assert left == {*scheduled[1:], "20250101T000000Z-manual", "20240101T000000Z-before-migration"}
    assert len(list(tmp_path.glob("*Z-*"))) == 2 * len(left)
    assert (tmp_path / ".image").exists()


@pytest.mark.parametrize(("overdue", "healthy"), [(-3600, True), (0, True), (3500, True), (3700, False)], ids=str)
def test_overdue_dump_is_unhealthy(tmp_path: Path, overdue: int, healthy: bool) -> None:  # noqa: FBT001
    due = tmp_path / "due"
    due.write_text(f"{int(time.time()) - overdue}\n")
    ended = run("health.sh", DUE=str(due), GRACE="3600")
    assert (ended.returncode == 0) is healthy
    assert healthy or ended.stdout.startswith("no dump since the one that was due at 20")


def test_no_dump_is_overdue_without_a_schedule(tmp_path: Path) -> None:
    assert run("health.sh", DUE=str(tmp_path / "none"), GRACE="3600").returncode == 0


@pytest.mark.parametrize("program", sorted(file.name for file in PROGRAMS.glob("*.sh")))
def test_plain_shell_can_parse_each_program(program: str) -> None:
    assert subprocess.run(["dash", "-n", str(PROGRAMS / program)], check=False).returncode == 0
