"""Copies of the project have its Python environment."""

from pathlib import Path

import pytest

from bootstrap.virtual_environment import share_environment


@pytest.fixture
def source(tmp_path: Path) -> Path:
    """An environment with a Python."""
    (tmp_path / "project" / ".venv" / "bin").mkdir(parents=True)
    (tmp_path / "project" / ".venv" / "bin" / "python").write_text("")
    (tmp_path / "project" / ".venv" / "pyvenv.cfg").write_text("")
    return tmp_path / "project" / ".venv"


def test_a_copy_has_the_environment_in_a_folder_that_git_ignores(tmp_path: Path, source: Path) -> None:
    (tmp_path / "copy").mkdir()
    share_environment(tmp_path / "copy", source)
    shared = tmp_path / "copy" / ".venv"
    assert (shared / "bin" / "python").is_file()
    assert (shared / "pyvenv.cfg").is_file()
    assert not shared.is_symlink()


def test_a_copy_of_a_copy_has_it_too(tmp_path: Path, source: Path) -> None:
    for name in ("first", "second"):
        (tmp_path / name).mkdir()
        share_environment(tmp_path / name, source)
        source = tmp_path / name / ".venv"
    assert (tmp_path / "second" / ".venv" / "bin" / "python").is_file()


def test_no_environment_is_made_where_the_project_has_none(tmp_path: Path) -> None:
    share_environment(tmp_path, tmp_path / "missing")
    assert list(tmp_path.iterdir()) == []
