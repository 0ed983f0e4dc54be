"""Deployments in the manner of LiteLLM's documentation, each a file in `inputs`."""

from pathlib import Path
from typing import Any

import pytest
import yaml

from ops.adopt.build import OldFiles, build, read_files
from ops.adopt.check import check
from ops.adopt.draft import Draft
from ops.adopt.table import UNKNOWN, outcome, table
from ops.errors import OperationError

INPUTS = sorted((Path(__file__).parent / "inputs").glob("*.yaml"))
ACCEPTED = [file for file in INPUTS if "refused" not in file.name]
REFUSED = [file for file in INPUTS if "refused" in file.name]


def adopted(case: dict[str, Any], folder: Path) -> tuple[OldFiles, Draft]:
    names = {"config": "config.yaml", "env": ".env", "compose": "docker-compose.yml"}
    files = {kind: folder / name for kind, name in names.items() if kind in case}
    for kind, file in files.items():
        file.write_text(case[kind])
    old = read_files(files["config"], files.get("env"), files.get("compose"))
    return old, build("mine", old, folder, files.get("env"))


def value_at(settings: Any, path: str) -> Any:
    for name in path.split("."):
        settings = settings[name]
    return settings


@pytest.fixture(params=ACCEPTED, ids=lambda file: file.stem)
def case(request: pytest.FixtureRequest) -> dict[str, Any]:
    """One deployment that a stack can be made of."""
    found: dict[str, Any] = yaml.safe_load(request.param.read_text())
    return found


def test_the_stack_has_what_the_old_files_asked_for(case: dict[str, Any], tmp_path: Path) -> None:
    _, draft = adopted(case, tmp_path)
    for setting, value in case.get("settings", {}).items():
        assert value_at(draft.settings, setting) == value, setting
    for name, model in case.get("models", {}).items():
        assert draft.models[name] == model
    if "secrets" in case:
        assert sorted(draft.secrets) == case["secrets"]
    for name, value in case.get("values", {}).items():
        assert draft.secrets[name] == str(value)
    for note in case.get("notes", []):
        assert any(text.startswith(note) for text in draft.notes), draft.notes


def test_the_stack_passes_every_check(case: dict[str, Any], tmp_path: Path) -> None:
    _, draft = adopted(case, tmp_path)
    check(draft)


def test_every_key_has_an_outcome_and_stands_in_the_table(case: dict[str, Any], tmp_path: Path) -> None:
    old, draft = adopted(case, tmp_path)
    text = table(draft, old.keys())
    for file, keys in old.keys().items():
        assert [path for path, _ in keys if outcome(draft, file, path) == UNKNOWN] == []
        for path, _ in keys:
            name = next(part for part in reversed(path) if isinstance(part, str))
            assert name in text


def test_no_secret_is_shown_or_stands_in_a_file(case: dict[str, Any], tmp_path: Path) -> None:
    old, draft = adopted(case, tmp_path)
    shown = table(draft, old.keys()) + "\n".join(draft.notes) + repr(draft) + repr(old)
    written = yaml.safe_dump([draft.settings, draft.models, draft.files])
    for value in draft.secrets.values():
        assert value not in shown
        assert value not in written


def test_without_an_image_source_the_cure_is_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv("GATEWAY_IMAGE_SOURCE")
    monkeypatch.setattr("components.images.source.SOURCE_FILE", tmp_path / "none")
    with pytest.raises(OperationError, match="image source is not decided: run bootstrap/run"):
        adopted(yaml.safe_load(ACCEPTED[0].read_text()), tmp_path)


@pytest.mark.parametrize("file", REFUSED, ids=lambda file: file.stem)
def test_what_the_gateway_refuses_is_named_with_the_old_line(file: Path, tmp_path: Path) -> None:
    case = yaml.safe_load(file.read_text())
    with pytest.raises(OperationError) as refused:
        check(adopted(case, tmp_path)[1])
    assert [line.strip() for line in str(refused.value).splitlines()[1:]] == case["refused"]
