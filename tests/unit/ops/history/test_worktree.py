"""The configuration of an earlier version, as its stack's file."""

from pathlib import Path
from typing import Any

import pytest
import yaml

from ops.errors import OperationError
from ops.history import worktree
from ops.history.worktree import stack_file, version_config
from ops.stack.version import StackVersion, number_versions
from tests.unit.ops.entries import entry

THEN = {
    "gateway:litellm": {"value": '{"replicas": 2}', "secret": False},
    "gateway:protect": {"value": "true", "secret": False},
    "gateway:keys": {"value": '{"A": "sk-hush"}', "secret": True},
    "pulumi:autonaming": {"value": '{"pattern": "x"}', "secret": False},
}


def version(config: dict[str, Any]) -> StackVersion:
    (made,) = number_versions([entry(config=config)])
    return made


def written(config: dict[str, str], *, committed: Any = None, today: Any = None) -> dict[str, Any]:
    text = stack_file(config, version(THEN).secret_keys, committed or {}, today or {})
    document: dict[str, Any] = yaml.safe_load(text)
    assert "sk-hush" not in text
    return document


def test_settings_come_back_without_secrets_in_clear() -> None:
    config = version_config(version(THEN), version({}))
    assert written(config)["config"] == {"gateway:litellm": {"replicas": 2}, "gateway:protect": "true"}


def test_the_current_master_key_stays() -> None:
    generation = {"gateway:master_key_generation": {"value": "3", "secret": False}}
    older = {"gateway:master_key_generation": {"value": "2", "secret": False}}
    assert version_config(version(THEN | older), version(generation))["gateway:master_key_generation"] == "3"
    assert "gateway:master_key_generation" not in version_config(version(older), version({}))


def test_secrets_are_encrypted_as_today() -> None:
    committed = {"encryptionsalt": "v1:old", "config": {"pulumi:tags": {"team": "x"}, "gateway:protect": "false"}}
    document = written(
        version_config(version(THEN), version({})), committed=committed, today={"encryptionsalt": "v1:new"}
    )
    assert document["encryptionsalt"] == "v1:new"
    assert document["config"]["pulumi:tags"] == {"team": "x"}
    assert document["config"]["gateway:protect"] == "true"
    assert "pulumi:autonaming" not in document["config"]


def test_a_commit_without_the_project_is_refused(tmp_path: Path) -> None:
    with pytest.raises(OperationError, match="version 1: its commit has no"):
        worktree.open_version(tmp_path, "dev", version(THEN), version({}))


def test_a_worktree_has_the_project_s_environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "Pulumi.yaml").write_text("")
    monkeypatch.setenv("GATEWAY_IMAGE_SOURCE", "official")
    monkeypatch.setattr(worktree.automation, "select_stack", lambda **_: None)
    worktree.open_version(tmp_path, "dev", version(THEN | {"gateway:keys": THEN["gateway:protect"]}), version({}))
    assert (tmp_path / ".venv" / "bin" / "python").is_file()


@pytest.mark.parametrize("place", ["commit", "today"])
def test_a_malformed_stack_file_is_refused_by_its_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, place: str
) -> None:
    folder, today = tmp_path / "commit", tmp_path / "Pulumi.dev.yaml"
    files = {"commit": folder / "stacks" / today.name, "today": today}
    files["commit"].parent.mkdir(parents=True)
    (folder / "Pulumi.yaml").write_text("")
    for name, file in files.items():
        file.write_text("config:\n<<<<<<< HEAD\n" if name == place else "config: {}\n")
    monkeypatch.setattr(worktree, "configuration_file", lambda _: today)
    with pytest.raises(OperationError, match=rf"^{files[place]} should be YAML: line 3"):
        worktree.open_version(folder, "dev", version(THEN), version({}))
