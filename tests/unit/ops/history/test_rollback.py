"""Going back is refused where it would not lead back."""

import pytest

from ops.errors import OperationError
from ops.history.rollback import data_of, lost, migrates, notes, unreachable
from ops.stack.git import Repository
from ops.stack.revision import versions
from ops.update.operations import changes
from tests.unit.ops.entries import entry
from tests.unit.ops.history.test_listing import dump
from tests.unit.ops.steps import beside

COMMITTED = {"git.head": "a" * 40, "git.dirty": "false"}
NUMBERED = versions(
    [
        entry(kind="destroy", minute=9),
        entry(result="failed", minute=6),
        entry(kind="refresh", minute=4),
        entry(environment=COMMITTED, minute=1),
    ]
)
MIGRATION = changes(beside("migration", {"image": "sha256:a"}, {"image": "sha256:b"}, "image"))
OTHER = changes(beside("migration", {"command": []}, {"command": ["x"]}, "command"))


class Holding(Repository):
    """A repository that holds every commit, or none."""

    def __init__(self, *, everything: bool) -> None:
        object.__setattr__(self, "everything", everything)

    def holds(self, commit: str) -> bool:
        return bool(self.everything)  # type: ignore[attr-defined]


def test_only_updates_that_succeeded_can_be_gone_back_to() -> None:
    good, refresh, failed, destroyed = NUMBERED
    assert unreachable(good, NUMBERED) is None
    assert "version 2 is nothing to go back to: it is a refresh that succeeded;" in str(unreachable(refresh, NUMBERED))
    assert "it is an update that failed; updates that succeeded: 1" in str(unreachable(failed, NUMBERED))
    assert "it removed the stack" in str(unreachable(destroyed, NUMBERED))


def test_a_commit_that_is_not_here_is_named_with_its_cure() -> None:
    assert lost(NUMBERED[0], Holding(everything=True)) is None
    fault = str(lost(NUMBERED[0], Holding(everything=False)))
    assert "version 1 is of commit aaaaaaaaaa, which this repository does not hold; `git fetch --unshallow`" in fault
    assert "was not made from a git repository" in str(lost(NUMBERED[1], Holding(everything=True)))


def test_a_migration_lies_between_where_its_image_is_another() -> None:
    assert migrates(MIGRATION)
    assert not migrates(OTHER)
    assert data_of(NUMBERED[0], OTHER, [dump(2)], restore_data=True) is None


def test_a_rollback_across_a_migration_needs_the_word_and_the_dump() -> None:
    with pytest.raises(OperationError, match=r"lies a migration.*no dump was taken before it: there is no way back"):
        data_of(NUMBERED[0], MIGRATION, [dump(0.5)], restore_data=True)
    with pytest.raises(
        OperationError, match=r"--restore-data brings back the database of 2030-01-01 00:02:00 UTC \(dump-2\)"
    ):
        data_of(NUMBERED[0], MIGRATION, [dump(2), dump(5)], restore_data=False)
    found = data_of(NUMBERED[0], MIGRATION, [dump(0.5), dump(2), dump(5)], restore_data=True)
    assert found == dump(2)


def test_what_one_should_know_is_said_before_the_question() -> None:
    (clean,) = notes("dev", NUMBERED[0], None)
    assert clean.startswith("salt key and master key stay")
    (dirty,) = versions([entry(environment={**COMMITTED, "git.dirty": "true"})])
    said = notes("dev", dirty, dump(2))
    assert "version 1 was made with files that were not committed: the program is that of aaaaaaaaaa" in said[1]
    assert said[2] == "the database becomes that of 2030-01-01 00:02:00 UTC: dump-2"
