"""Rows and spend before and after the migration."""

from typing import Any

import pytest

from ops.adopt.database.new_database import Contents
from ops.adopt.database.rows import comparison, require_all
from ops.errors import OperationError


def contents(rows: dict[str, int], spend: dict[str, str] | None = None) -> Contents:
    found: dict[str, Any] = {"schema": {"last": None, "count": 0}, "key": "", "models": {}, "credentials": {}}
    return Contents.model_validate({**found, "rows": rows, "spend": spend or {}})


def test_new_tables_and_new_rows_are_no_loss() -> None:
    require_all(contents({"public.a": 1}), contents({"public.a": 2, "public.b": 0}))


@pytest.mark.parametrize(
    ("after", "reason"),
    [
        ({"public.a": 1}, "the migration lost rows: a 2 → 1"),
        ({}, "the migration lost rows: a 2 → no table"),
    ],
)
def test_a_lost_row_is_named(after: dict[str, int], reason: str) -> None:
    with pytest.raises(OperationError) as refused:
        require_all(contents({"public.a": 2}), contents(after))
    assert str(refused.value) == reason


def test_changed_spend_is_named() -> None:
    with pytest.raises(OperationError, match=r"sums of spend: a 1\.5 → 1\.4$"):
        require_all(contents({}, {"a": "1.5"}), contents({}, {"a": "1.4"}))


def test_rows_of_litellm_s_own_migrations_may_go() -> None:
    require_all(contents({"public._prisma_migrations": 2}), contents({"public._prisma_migrations": 1}))


def test_each_table_with_rows_is_shown_before_and_after() -> None:
    text = comparison(
        contents({"public.a": 2, "public.c": 0}, {"a": "1"}), contents({"public.a": 2, "public.b": 1}, {"a": "1"})
    )
    assert [line.split() for line in text.splitlines()[1:3]] == [["a", "2", "2"], ["b", "none", "1"]]
    assert text.endswith("1 more tables are empty; sum of all spend columns: 1 and 1 USD")
