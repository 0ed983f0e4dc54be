"""A rollback across a migration brings the data of before it."""

import pytest

from ops.errors import OperationError
from ops.history.rollback_data import dump_to_restore, migrates
from ops.stack.version import number_versions
from ops.update.operations import parse_operations
from tests.unit.ops.dumps import dump_at
from tests.unit.ops.entries import entry
from tests.unit.ops.steps import beside

NUMBERED = number_versions([entry(minute=1)])
MIGRATION = parse_operations(beside("migration", {"image": "sha256:a"}, {"image": "sha256:b"}, "image"))
OTHER = parse_operations(beside("migration", {"command": []}, {"command": ["x"]}, "command"))


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
