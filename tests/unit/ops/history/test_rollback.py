"""A rollback is refused where it would not lead back, and touches the data last."""

from pathlib import Path
from types import SimpleNamespace
from typing import Any
from unittest.mock import Mock

import pytest
from pulumi.automation import CommandError, CommandResult

from ops.errors import OperationError
from ops.history import rollback, rollback_data
from ops.history.rollback import commit_missing, not_deployed, notes, readable_settings, roll_back
from ops.stack.git import Repository
from ops.stack.version import number_versions
from ops.update.operations import parse_operations
from tests.unit.ops.dumps import dump_at
from tests.unit.ops.entries import entry
from tests.unit.ops.gateways import gateway_of, with_wrong_models
from tests.unit.ops.steps import IMAGE, beside

COMMITTED = {"git.head": "a" * 40, "git.dirty": "false"}
NUMBERED = number_versions(
    [
        entry(kind="destroy", minute=9),
        entry(result="failed", minute=6),
        entry(kind="refresh", minute=4),
        entry(environment=COMMITTED, minute=1),
    ]
)
MIGRATION = parse_operations(
    [
        *beside("migration", {"image": "sha256:a"}, {"image": "sha256:b"}, "image"),
        *beside("litellm-image", {"name": "litellm:2"}, {"name": "litellm:1"}, "name", kind=IMAGE),
    ]
)
DUMP = dump_at(2)


class Holding(Repository):
    """A repository that holds every commit, or none."""

    def __init__(self, *, everything: bool) -> None:
        object.__setattr__(self, "everything", everything)

    def has_commit(self, commit: str) -> bool:
        return bool(self.everything)


def test_only_successful_updates_can_be_rolled_back_to() -> None:
    good, refresh, failed, destroyed = NUMBERED
    assert not_deployed(good, NUMBERED) is None
    assert not_deployed(refresh, NUMBERED) == (
        "version 2 is a refresh that succeeded; only updates that succeeded can be rolled back to: 1"
    )
    assert "version 3 is an update that failed; " in str(not_deployed(failed, NUMBERED))
    assert "version 4 removed the stack; " in str(not_deployed(destroyed, NUMBERED))


def test_a_commit_that_is_not_here_is_named_with_its_cure() -> None:
    assert commit_missing(NUMBERED[0], Holding(everything=True)) is None
    fault = str(commit_missing(NUMBERED[0], Holding(everything=False)))
    assert "version 1 is of commit aaaaaaaaaa, which this repository does not have; `git fetch --unshallow`" in fault
    assert "was not deployed from a git repository" in str(commit_missing(NUMBERED[1], Holding(everything=True)))


def test_the_notes_say_what_stays_and_what_changes() -> None:
    (clean,) = notes("dev", NUMBERED[0], None)
    assert clean.startswith("salt key and master key stay")
    (dirty,) = number_versions([entry(environment={**COMMITTED, "git.dirty": "true"})])
    said = notes("dev", dirty, dump_at(2))
    assert "version 1 was deployed with files that were not committed: the program is that of aaaaaaaaaa" in said[1]
    assert said[2] == "the database becomes that of 2030-01-01 00:02:00 UTC: 20300101T000200Z-before-migration"


def test_settings_whose_models_are_refused_today_are_not_readable(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    past: Any = SimpleNamespace()
    settings = gateway_of("dev").settings
    monkeypatch.setattr(rollback, "settings_of", lambda _: settings)
    assert readable_settings(past) is settings
    wrong = with_wrong_models(gateway_of("dev"), tmp_path).settings
    monkeypatch.setattr(rollback, "settings_of", lambda _: wrong)
    assert readable_settings(past) is None


@pytest.fixture
def done(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> list[str]:
    """What a rollback across a migration does to version 1, in order."""
    steps: list[str] = []

    def step(name: str, result: Any = None) -> Any:
        def taken(*_: object, **__: object) -> Any:
            steps.append(name)
            return result

        return taken

    monkeypatch.setattr(rollback, "open_own", lambda _: SimpleNamespace(name="dev"))
    monkeypatch.setattr(rollback, "require_unlocked", step("unlocked"))
    monkeypatch.setattr(rollback, "read_versions", lambda _: NUMBERED)
    monkeypatch.setattr(rollback, "Repository", lambda: Mock(check_out=Mock(return_value=tmp_path)))
    monkeypatch.setattr(rollback, "commit_missing", lambda *_: None)
    monkeypatch.setattr(rollback, "configuration_file", lambda _: rollback.PROJECT / "stacks" / "Pulumi.dev.yaml")
    monkeypatch.setattr(rollback, "open_version", lambda *_: "past")
    monkeypatch.setattr(rollback, "run_preview", lambda *_: MIGRATION)
    monkeypatch.setattr(rollback, "find_dumps", lambda _: [DUMP])
    monkeypatch.setattr(rollback, "with_author", step("author"))
    engine = Mock(fetch_images=lambda references: steps.append(f"fetch {' '.join(references)}"))
    monkeypatch.setattr(rollback, "stack_engine", lambda _: engine)
    monkeypatch.setattr(rollback_data, "restore", step("restore", "litellm_before_restore_1"))
    monkeypatch.setattr(rollback, "apply_plan", step("apply", {}))
    monkeypatch.setattr(rollback, "readable_settings", lambda _: None)
    return steps


def test_what_can_fail_beforehand_comes_before_the_data(done: list[str]) -> None:
    roll_back("dev", to=1, restore_data=True, yes=True)
    assert done == ["unlocked", "author", "fetch litellm:1", "unlocked", "restore", "apply"]


def test_image_that_cannot_be_had_leaves_the_data(done: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    engine = Mock(**{"fetch_images.side_effect": OperationError("image litellm:1: is gone")})
    monkeypatch.setattr(rollback, "stack_engine", lambda _: engine)
    with pytest.raises(OperationError, match=r"image litellm:1: is gone"):
        roll_back("dev", to=1, restore_data=True, yes=True)
    assert "restore" not in done


@pytest.mark.parametrize(
    "error", [OperationError("nothing was changed"), CommandError(CommandResult("", "", 255)), KeyboardInterrupt()]
)
def test_update_that_fails_after_the_restore_says_what_stands(
    done: list[str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], error: BaseException
) -> None:
    monkeypatch.setattr(rollback, "apply_plan", Mock(side_effect=error))
    with pytest.raises(type(error)):
        roll_back("dev", to=1, restore_data=True, yes=True)
    said = capsys.readouterr().err
    assert said.startswith(f"dev has the data of {DUMP.name}, but not all of that version: ")
    assert "kept as litellm_before_restore_1 until the next backup" in said
