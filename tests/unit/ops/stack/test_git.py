"""What is applied to a protected stack can be found again in git."""

import subprocess
from pathlib import Path

import pytest

from ops.errors import OperationError
from ops.stack.git import Repository, uncommitted


def git(folder: Path, *arguments: str) -> None:
    identity = ("-c", "user.name=t", "-c", "user.email=t@example.org")
    subprocess.run(["git", "-C", str(folder), *identity, *arguments], check=True, capture_output=True)


@pytest.fixture
def committed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Repository:
    """A repository of one commit."""
    folder = tmp_path / "project"
    folder.mkdir()
    monkeypatch.setattr("ops.stack.git.WORKTREES", tmp_path / "worktrees")
    (folder / "program.py").write_text("first")
    git(folder, "init", "--quiet")
    git(folder, "add", ".")
    git(folder, "commit", "--quiet", "--message", "begin\n\nand why")
    return Repository(folder)


def test_a_clean_tree_has_nothing_uncommitted(committed: Repository) -> None:
    assert uncommitted(committed) is None
    assert committed.subject == "begin"


def test_changed_and_new_files_are_uncommitted(committed: Repository) -> None:
    (committed.folder / "program.py").write_text("second")
    (committed.folder / "new.py").write_text("")
    assert uncommitted(committed) == "these files are not committed: program.py, new.py"


@pytest.mark.parametrize("name", ["reviewed.json", "plans/reviewed plan.json", "program.py", "réviewed.json"])
def test_a_file_that_is_no_source_counts_as_committed(committed: Repository, name: str) -> None:
    file = committed.folder / name
    file.parent.mkdir(exist_ok=True)
    file.write_text("{}")
    assert uncommitted(committed, besides=file) is None
    assert committed.changed_files(besides=file) == []
    (file.parent / "other.json").write_text("{}")
    left = str((file.parent / "other.json").relative_to(committed.folder))
    assert uncommitted(committed, besides=file) == f"these files are not committed: {left}"


@pytest.mark.parametrize("name", ["../plan.json", "gone.json", ":(top)", "*", "."])
def test_what_is_no_file_of_the_repository_leaves_out_nothing(committed: Repository, name: str) -> None:
    (committed.folder / "new.py").write_text("")
    (committed.folder.parent / "plan.json").write_text("{}")
    reason = "these files are not committed: new.py"
    assert uncommitted(committed, besides=committed.folder / name) == reason


def test_a_folder_without_git_is_uncommitted(tmp_path: Path) -> None:
    assert "this is not a git repository" in str(uncommitted(Repository(tmp_path)))
    git(tmp_path, "init", "--quiet")
    assert "with a commit" in str(uncommitted(Repository(tmp_path)))


def test_a_commit_is_checked_out_beside_the_project(committed: Repository) -> None:
    first = str(committed.head)
    (committed.folder / "program.py").write_text("second")
    git(committed.folder, "commit", "--quiet", "--all", "--message", "second")
    folder = committed.check_out(first, "dev")
    assert (folder / "program.py").read_text() == "first"
    assert (committed.folder / "program.py").read_text() == "second"
    (folder / "left over").write_text("")
    again = committed.check_out(first, "dev")
    assert not (again / "left over").exists()
    committed.remove(again)
    assert not again.exists()
    assert uncommitted(committed) is None


def test_a_project_below_its_repository_s_top_is_found_in_the_copy(committed: Repository) -> None:
    below = committed.folder / "deploy"
    below.mkdir()
    (below / "Pulumi.yaml").write_text("")
    assert uncommitted(Repository(below), besides=below / "Pulumi.yaml") is None
    git(committed.folder, "add", ".")
    git(committed.folder, "commit", "--quiet", "--message", "below")
    assert (Repository(below).check_out(str(committed.head), "dev") / "Pulumi.yaml").is_file()


def test_a_missing_commit_is_noticed(committed: Repository) -> None:
    assert committed.has_commit(str(committed.head))
    assert not committed.has_commit("0" * 40)
    with pytest.raises(OperationError, match="git did not check out 0000000000"):
        committed.check_out("0" * 40, "dev")
