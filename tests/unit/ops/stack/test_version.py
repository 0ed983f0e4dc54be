"""Versions are numbered by order, and say what changed without a secret."""

import json
from types import SimpleNamespace
from typing import Any, cast

import pytest
from pulumi.automation import Stack, UpdateSummary

from ops.errors import OperationError
from ops.stack.version import StackVersion, find_version, number_versions, read_versions, setting_changes
from tests.unit.ops.entries import entry


def settings(config: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {key: {"value": value if isinstance(value, str) else json.dumps(value), "secret": False}
            for key, value in config.items()}  # fmt: skip


def two(before: dict[str, Any], after: dict[str, Any]) -> list[str]:
    old, new = number_versions([entry(config=after), entry(config=before)])
    return setting_changes(old, new)


def test_the_oldest_is_version_1_where_pulumi_numbers_none() -> None:
    history = [entry(message="third"), entry(message="second", kind="refresh"), entry(message="first", result="failed")]
    assert [(version.number, version.message) for version in number_versions(history)] == [
        (1, "first"), (2, "second"), (3, "third"),
    ]  # fmt: skip


def test_pulumi_s_own_numbers_stay_where_it_has_them() -> None:
    assert [version.number for version in number_versions([entry(version=8), entry(version=7)])] == [7, 8]


def test_only_an_update_that_succeeded_can_be_gone_back_to() -> None:
    good = [entry(), entry(result="failed"), entry(kind="refresh"), entry(kind="destroy")]
    assert [version.is_deployed for version in number_versions(good)] == [False, False, False, True]


def test_who_ran_an_update_is_read_from_its_message() -> None:
    (version,) = number_versions([entry(message="more replicas\n\nBy: ann@host")])
    assert (version.message, version.author) == ("more replicas", "ann@host")
    (plain,) = number_versions([entry(message="more replicas")])
    assert (plain.message, plain.author) == ("more replicas", None)


def test_the_commit_and_whether_files_were_changed_come_from_pulumi() -> None:
    (version,) = number_versions([entry(environment={"git.head": "abc", "git.dirty": "true"})])
    assert (version.commit, version.dirty) == ("abc", True)
    (outside,) = number_versions([entry(environment={})])
    assert (outside.commit, outside.dirty) == (None, False)


def test_changed_settings_are_named_by_their_paths() -> None:
    before = settings({"gateway:litellm": {"replicas": 1, "config": {"num_retries": 2}}, "gateway:protect": "true"})
    after = settings({"gateway:litellm": {"replicas": 2, "config": {"num_retries": 2}}})
    assert two(before, after) == ["gateway:litellm.replicas 1 → 2", "gateway:protect true → unset"]


def test_what_pulumi_adds_for_itself_is_no_setting() -> None:
    assert two({}, settings({"pulumi:autonaming": {"pattern": "x"}})) == []


def test_a_changed_secret_is_named_and_never_shown() -> None:
    before = {"gateway:keys": {"value": '{"A": "sk-old", "B": "sk-same"}', "secret": True}}
    after = {"gateway:keys": {"value": '{"A": "sk-new", "B": "sk-same"}', "secret": True}}
    assert two(before, after) == ["gateway:keys.A (secret)"]
    assert two({}, after) == ["gateway:keys.A (secret)", "gateway:keys.B (secret)"]
    assert two(before, {}) == ["gateway:keys.A (secret)", "gateway:keys.B (secret)"]
    # What was in clear once and is encrypted now is a secret in both.
    in_clear = {"gateway:keys": {"value": '{"A": "sk-clear", "B": "sk-same"}', "secret": False}}
    assert two(in_clear, after) == ["gateway:keys.A (secret)"]


def test_a_version_shows_no_setting_where_it_is_printed() -> None:
    (version,) = number_versions([entry(config={"gateway:keys": {"value": "sk-hush", "secret": True}})])
    assert "sk-hush" not in repr(version)


def test_a_version_that_does_not_exist_is_refused_with_those_that_do() -> None:
    numbered = number_versions([entry(), entry()])
    assert find_version(numbered, 2).number == 2
    for number in (0, 3, -1):
        with pytest.raises(OperationError, match=rf"there is no version {number}; versions are 1 to 2"):
            find_version(numbered, number)
    nothing: list[StackVersion] = number_versions(list[UpdateSummary]())
    with pytest.raises(OperationError, match="versions are none yet"):
        find_version(nothing, 1)


def test_all_pages_of_a_history_are_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ops.stack.version.PAGE_SIZE", 10)
    newest_first = [entry(minute=minute, message=f"update {minute}") for minute in range(20, 0, -1)]

    def page_of(*, page_size: int = 10, page: int = 1, show_secrets: bool) -> list[UpdateSummary]:
        return newest_first[(page - 1) * page_size : page * page_size]

    versions = read_versions(cast("Stack", SimpleNamespace(history=page_of)))
    assert [(version.number, version.message) for version in versions] == [
        (number, f"update {number}") for number in range(1, 21)
    ]
