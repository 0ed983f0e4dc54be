"""Only a Go that is recent enough is used."""

from pathlib import Path

import pytest

from bootstrap.offline.toolchain import find_go, go_version


def fake_go(folder: Path, version: str) -> str:
    go = folder / "go"
    go.write_text(f"#!/bin/sh\necho {version}\n")
    go.chmod(0o755)
    return str(go)


@pytest.mark.parametrize(
    ("text", "version"), [("go1.26.6", (1, 26)), ("go1.27rc1", (1, 27)), ("devel", (0, 0)), ("", (0, 0))]
)
def test_go_version_is_read(tmp_path: Path, text: str, version: tuple[int, int]) -> None:
    assert go_version(fake_go(tmp_path, text)) == version


def test_missing_go_has_no_version(tmp_path: Path) -> None:
    assert go_version(str(tmp_path / "go")) == (0, 0)


def test_old_go_is_not_used(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    old = fake_go(tmp_path, "go1.19.8")
    monkeypatch.setattr("shutil.which", lambda name: old)
    assert find_go() != old
