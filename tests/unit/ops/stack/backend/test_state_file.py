"""A state that is cut off is found, and its newest good copy takes its place."""

import errno
import json
import os
from pathlib import Path

import pytest

from ops.errors import OperationError
from ops.stack.backend.state_file import Damage, StateFolder, require_whole_state, state_folder

OLD, NEW = "2030-01-31T09:12:44.123456789Z", "2030-01-31T09:12:45.123456789Z"


def state(time: str, resources: int = 2) -> str:
    latest = {"manifest": {"time": time}, "resources": [{}] * resources}
    return json.dumps({"version": 3, "checkpoint": {"stack": "dev", "latest": latest}})


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> StateFolder:
    """A backend with one whole stack, its `.bak`, one version and no lock."""
    monkeypatch.setenv("PULUMI_BACKEND_URL", f"file://{tmp_path}?no_tmp_dir=true")
    folder = state_folder("dev")
    assert folder is not None
    files = {
        "meta.yaml": "version: 1\n",
        "stacks/gateway/dev.json": state(NEW, 3),
        "stacks/gateway/dev.json.attrs": "{}",
        "stacks/gateway/dev.json.bak": state(NEW),
        "history/gateway/dev/dev-1.checkpoint.json": state(OLD),
        "history/gateway/dev/dev-1.history.json": "{}",
        "locks/organization/gateway/dev/a.json": "{}",
    }
    for name, text in files.items():
        path = folder.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return folder


def test_a_whole_state_has_no_damage(folder: StateFolder) -> None:
    assert folder.damaged() == {}
    require_whole_state("dev")
    require_whole_state("never-deployed")


def test_other_backends_have_no_state_file(monkeypatch: pytest.MonkeyPatch) -> None:
    for address in ("postgres://pulumi@db/state", "s3://bucket", ""):
        monkeypatch.setenv("PULUMI_BACKEND_URL", address)
        assert state_folder("dev") is None
        require_whole_state("dev")


@pytest.mark.parametrize("keep", [0, 1, 60], ids=["empty", "one byte", "half"])
@pytest.mark.parametrize(
    ("name", "damage"),
    [
        ("stacks/gateway/dev.json", Damage.STATE),
        ("stacks/gateway/dev.json.attrs", Damage.ATTRIBUTES),
        ("history/gateway/dev/dev-1.history.json", Damage.HISTORY),
        ("locks/organization/gateway/dev/a.json", Damage.LOCK),
    ],
)
def test_each_file_that_is_cut_off_is_found_and_mended(
    folder: StateFolder, name: str, damage: Damage, keep: int
) -> None:
    path = folder.folder / name
    cut = state(NEW)[:keep]
    path.write_text(cut)
    assert folder.damaged() == {path: damage}
    with pytest.raises(OperationError, match=rf"^dev: {path} is cut off or empty: `python -m ops recover dev`"):
        require_whole_state("dev")
    kept = folder.mend(path, damage)
    assert folder.damaged() == {}
    assert kept is not None
    assert kept.parent == folder.state.parent
    assert kept.read_text() == cut
    assert path.exists() is (damage is Damage.STATE)


def test_an_empty_version_of_the_backend_is_written_anew(folder: StateFolder) -> None:
    meta = folder.folder / "meta.yaml"
    meta.write_text("")
    assert folder.damaged() == {meta: Damage.META}
    folder.mend(meta, Damage.META)
    assert meta.read_text() == "version: 1\n"


def test_the_newest_good_copy_takes_the_place(folder: StateFolder) -> None:
    bak = folder.state.with_name("dev.json.bak")
    assert folder.copies()[0].path == bak
    bak.write_text(state(NEW)[:50])
    folder.state.write_text("{")
    (copy,) = folder.copies()
    assert copy.path.name == "dev-1.checkpoint.json"
    folder.mend(folder.state, Damage.STATE)
    assert folder.state.read_text() == state(OLD)
    assert folder.state.stat().st_mode & 0o777 == 0o600


def test_without_a_good_copy_nothing_is_changed(folder: StateFolder) -> None:
    for path in (folder.state, *folder.state.parent.glob("*.bak"), *folder.folder.glob("history/**/*.json")):
        path.write_text("{")
    with pytest.raises(OperationError, match=r"no good copy of it; move it away, then .* --lost-state"):
        folder.mend(folder.state, Damage.STATE)
    assert folder.state.read_text() == "{"


def test_a_full_disk_leaves_the_broken_state_where_it_is(folder: StateFolder, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    folder.state.write_text("{")
    before = set(folder.state.parent.iterdir())
    with monkeypatch.context() as patched:
        patched.setattr("os.fsync", full)
        with pytest.raises(OperationError, match=r"stays as it is: no space left on device$"):
            folder.mend(folder.state, Damage.STATE)
    assert set(folder.state.parent.iterdir()) == before
    assert folder.state.read_text() == "{"
    assert folder.damaged() == {folder.state: Damage.STATE}
