"""Each dump belongs to a version of the stack."""

import pytest

from ops.data.dump_history import before_next_migration, find_dumps, newest_by_version
from ops.data.dump_store import LIST_TIMEOUT_SECONDS, NotRunning
from ops.stack.version import number_versions
from tests.unit.ops.dumps import dump_at
from tests.unit.ops.entries import entry

VERSIONS = number_versions([entry(minute=9, kind="refresh", result="failed"), entry(minute=5), entry(minute=1)])


def test_a_dump_belongs_to_the_version_that_ran_when_it_was_taken() -> None:
    dumps = [dump_at(0), dump_at(1.2), dump_at(4), dump_at(5.1), dump_at(60)]
    assert newest_by_version(VERSIONS, dumps) == {1: dump_at(4), 2: dump_at(5.1), 3: dump_at(60)}


def test_the_way_back_is_the_first_dump_before_a_migration() -> None:
    dumps = [dump_at(1.2), dump_at(2, reason="schedule"), dump_at(5.1), dump_at(7)]
    assert before_next_migration(VERSIONS[0], dumps) == dump_at(5.1)
    assert before_next_migration(VERSIONS[2], dumps) is None


def test_a_stack_that_does_not_run_has_no_dumps(monkeypatch: pytest.MonkeyPatch) -> None:
    def open_dump_store(stack: str, silence: int) -> None:
        assert silence == LIST_TIMEOUT_SECONDS
        raise NotRunning(stack)

    monkeypatch.setattr("ops.data.dump_history.open_dump_store", open_dump_store)
    assert find_dumps("dev") == []
