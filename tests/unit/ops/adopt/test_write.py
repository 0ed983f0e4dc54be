"""Writing the stack: all of it, or nothing."""

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import yaml

import ops.adopt.write as module
from ops.adopt.draft import Draft
from ops.errors import OperationError


@pytest.fixture
def project(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """A project whose state backend is a set of names."""
    stacks: set[str] = {"taken"}

    def create(name: str, **_: Any) -> None:
        stacks.add(name)

    workspace = SimpleNamespace(
        list_stacks=lambda: [SimpleNamespace(name=name) for name in stacks], remove_stack=stacks.remove
    )
    automation = SimpleNamespace(create_stack=create, LocalWorkspace=lambda **_: workspace)
    monkeypatch.setattr(module, "automation", automation)
    monkeypatch.setattr(module, "PROJECT", tmp_path)
    monkeypatch.setattr(module, "CONFIGURATION", tmp_path / "stacks")
    monkeypatch.setattr(module, "require_passphrase", lambda: None)
    (tmp_path / "stacks").mkdir()
    return tmp_path


def draft() -> Draft:
    models = {"m": {"provider": "ollama_chat", "model": "m"}}
    return Draft("mine", {"model_folder": "stacks/mine/models"}, models, {"salt_key": "x"}, {"python/a.py": "A = 1\n"})


def test_files_are_written_and_secrets_go_through_a_pipe(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    secrets: list[tuple[Any, ...]] = []
    monkeypatch.setattr(module, "set_secret", lambda *given: secrets.append(given))
    module.write_stack(draft(), "Adopted.")
    text = (project / "stacks/Pulumi.mine.yaml").read_text()
    assert text.startswith("# Adopted.\nconfig:\n")
    assert yaml.safe_load(text)["config"] == {"gateway:model_folder": "stacks/mine/models"}
    assert yaml.safe_load((project / "stacks/mine/models/m.yaml").read_text()) == draft().models["m"]
    assert (project / "stacks/mine/python/a.py").read_text() == "A = 1\n"
    assert secrets == [(project, "mine", "gateway:salt_key", "x")]


def test_nothing_is_left_when_a_secret_cannot_be_encrypted(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: Any) -> None:
        raise OperationError("no")

    monkeypatch.setattr(module, "set_secret", refuse)
    with pytest.raises(OperationError):
        module.write_stack(draft(), "Adopted.")
    assert list((project / "stacks").iterdir()) == []
    module.require_new("mine")


@pytest.mark.parametrize("made", ["Pulumi.mine.yaml", "mine"])
def test_a_stack_with_files_exists(project: Path, made: str) -> None:
    (project / "stacks" / made).mkdir()
    with pytest.raises(OperationError, match=rf"exists already: stacks/{made}; choose another name$"):
        module.require_new("mine")


@pytest.mark.usefixtures("project")
def test_a_stack_in_the_state_exists() -> None:
    with pytest.raises(OperationError, match=r"exists already in the state"):
        module.require_new("taken")
