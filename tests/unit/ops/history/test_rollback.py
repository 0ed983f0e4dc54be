"""A rollback is refused where it would not lead back."""

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from ops.errors import OperationError
from ops.history import rollback
from ops.history.rollback import (
    commit_missing,
    dump_to_restore,
    migrates,
    not_deployed,
    notes,
    readable_settings,
)
from ops.stack.git import Repository
from ops.stack.version import number_versions
from ops.update.operations import parse_operations
from tests.unit.ops.dumps import dump_at
from tests.unit.ops.entries import entry
from tests.unit.ops.gateways import gateway_of, with_wrong_models
from tests.unit.ops.steps import beside

COMMITTED = {"git.head": "a" * 40, "git.dirty": "false"}
NUMBERED = number_versions(
    [
        entry(kind="destroy", minute=9),
        entry(result="failed", minute=6),
        entry(kind="refresh", minute=4),
        entry(environment=COMMITTED, minute=1),
    ]
)
MIGRATION = parse_operations(beside("migration", {"image": "sha256:a"}, {"image": "sha256:b"}, "image"))
OTHER = parse_operations(beside("migration", {"command": []}, {"command": ["x"]}, "command"))


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


def test_a_migration_lies_between_where_its_image_is_another() -> None:
    assert migrates(MIGRATION)
    assert not migrates(OTHER)
    assert dump_to_restore(NUMBERED[0], OTHER, [dump_at(2)], restore_data=True) is None


def test_a_rollback_across_a_migration_needs_the_option_and_a_dump() -> None:
    with pytest.raises(OperationError, match=r"lies a migration.*no dump was taken before it: there is no way back"):
        dump_to_restore(NUMBERED[0], MIGRATION, [dump_at(0.5)], restore_data=True)
    sentence = r"--restore-data brings back the database of 2030-01-01 00:02:00 UTC \(20300101T000200Z-b"
    with pytest.raises(OperationError, match=sentence):
        dump_to_restore(NUMBERED[0], MIGRATION, [dump_at(2), dump_at(5)], restore_data=False)
    found = dump_to_restore(NUMBERED[0], MIGRATION, [dump_at(0.5), dump_at(2), dump_at(5)], restore_data=True)
    assert found == dump_at(2)


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
