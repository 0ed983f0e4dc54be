"""What the history shows of each version."""

import json
from datetime import UTC, datetime, timedelta
from io import StringIO
from types import SimpleNamespace
from typing import cast

import pytest
from pulumi.automation import Stack, UpdateSummary
from rich.console import Console

from ops.data.dump_store import NotRunning
from ops.data.dumps import TakenDump, before_next_migration, by_version, dumps
from ops.history.listing import entries, table, versions_of
from ops.stack.revision import versions, with_who
from tests.unit.ops.dumps import manifest
from tests.unit.ops.entries import BEGIN, entry

OLD = {"gateway:edge": {"value": '{"memory": 256}', "secret": False}}
NEW = {"gateway:edge": {"value": '{"memory": 300}', "secret": False}}
NUMBERED = versions(
    [
        entry(minute=9, kind="refresh", result="failed", config=NEW),
        entry(
            minute=5,
            message=with_who("more memory", "ann@host"),
            config=NEW,
            environment={"git.head": "0123456789abcdef", "git.dirty": "true"},
        ),
        entry(minute=1, message="begin", config=OLD, environment={"git.head": "f" * 40, "git.dirty": "false"}),
    ]
)


def dump(minute: float, *, before_migration: bool = True) -> TakenDump:
    return TakenDump(f"dump-{minute}", BEGIN + timedelta(minutes=minute), before_migration)


def test_each_version_tells_its_story_as_data() -> None:
    first, second, third = entries(NUMBERED, {2: dump(5.2)})
    assert (first["version"], first["message"], first["commit"], first["dump"]) == (1, "begin", "f" * 40, None)
    assert first["settings_changed"] == []
    assert (second["who"], second["message"], second["uncommitted_changes"]) == ("ann@host", "more memory", True)
    assert second["settings_changed"] == ["gateway:edge.memory 256 → 300"]
    assert second["dump"] == "dump-5.2"
    assert second["started"] == "2030-01-01T00:05:00+00:00"
    assert (third["kind"], third["result"], third["resources"]) == ("refresh", "failed", {"same": 36})
    json.dumps([first, second, third])


def test_all_pages_of_a_history_are_numbered_from_the_oldest(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ops.history.listing.PAGE", 10)
    newest_first = [entry(minute=minute, message=f"update {minute}") for minute in range(20, 0, -1)]

    def page_of(*, page_size: int = 10, page: int = 1, show_secrets: bool) -> list[UpdateSummary]:
        return newest_first[(page - 1) * page_size : page * page_size]

    numbered = versions_of(cast("Stack", SimpleNamespace(history=page_of)))
    assert [(version.number, version.message) for version in numbered] == [
        (number, f"update {number}") for number in range(1, 21)
    ]


def test_each_version_is_one_row_of_the_table() -> None:
    written = StringIO()
    Console(file=written, width=250).print(table(NUMBERED, {2: dump(5.2)}))
    _, first, second, third = written.getvalue().splitlines()
    assert "ffffffffff " in first
    assert "0123456789+" in second
    for word in ("ann@host", "more memory", "succeeded", "gateway:edge.memory 256 → 300", "dump-5.2"):
        assert word in second
    assert "refresh" in third
    assert "failed" in third


def test_a_dump_belongs_to_the_version_that_ran_when_it_was_taken() -> None:
    taken = [dump(0), dump(1.2), dump(4), dump(5.1), dump(60)]
    assert {number: each.name for number, each in by_version(NUMBERED, taken).items()} == {
        1: "dump-4",
        2: "dump-5.1",
        3: "dump-60",
    }


def test_the_way_back_is_the_first_dump_before_a_migration_after_the_version() -> None:
    taken = [dump(1.2), dump(2, before_migration=False), dump(5.1), dump(7)]
    found = before_next_migration(NUMBERED[0], taken)
    assert found is not None
    assert found.name == "dump-5.1"
    assert before_next_migration(NUMBERED[2], taken) is None


def test_a_dump_is_known_by_its_manifest() -> None:
    found = TakenDump.of(manifest(reason="before-migration"))
    assert found == TakenDump("20260131T021500Z-before-migration", datetime(2026, 1, 31, 2, 15, tzinfo=UTC), True)  # noqa: FBT003
    assert not TakenDump.of(manifest(reason="schedule")).before_migration


def test_a_stack_that_does_not_run_has_no_dumps_to_show(monkeypatch: pytest.MonkeyPatch) -> None:
    def opened(stack: str) -> None:
        raise NotRunning(stack)

    monkeypatch.setattr("ops.data.dumps.opened", opened)
    assert dumps("dev") == []
