"""A stack's file is changed in one place, and nowhere else."""

import difflib

import pytest

from ops.errors import OperationError
from ops.stack.config_file import (
    flatten,
    is_protected,
    master_key_generation,
    parse_config,
    settings_without_secrets,
    with_values,
)
from tests.unit.program import PROJECT, STACKS

TEXT = """\
# What runs.
config:
  gateway:protect: "true"
  gateway:images:
    # How exactly.
    pinning: version # not yet a digest

  # The database.
  gateway:postgres:
    memory_mib: 4096
  gateway:litellm:
    config:
      retry_policy: null
      allowed_fails_policy: {timeout: 20, rate_limit: 10000}
      deep:
        last: 3
  # The end.
encryptionsalt: v1:abc=:v1:def:ghi==
"""


def added(before: str, after: str) -> list[str]:
    """Give the lines that are new; none may be gone."""
    lines = list(difflib.ndiff(before.splitlines(), after.splitlines()))
    assert [line for line in lines if line.startswith("-")] == []
    return [line[2:] for line in lines if line.startswith("+")]


@pytest.mark.parametrize("stack", STACKS)
def test_the_project_s_own_files_stay_as_they_are(stack: str) -> None:
    text = (PROJECT / "stacks" / f"Pulumi.{stack}.yaml").read_text()
    assert with_values(text, {}) == text


def test_a_file_without_a_change_stays_as_it_is() -> None:
    assert with_values(TEXT, {}) == TEXT


def test_a_new_setting_is_added_at_the_end_of_its_group() -> None:
    reference = f"ghcr.io/berriai/litellm:v1.108.14@sha256:{'ab' * 32}"
    after = with_values(TEXT, {("gateway:images", "litellm"): reference})
    assert added(TEXT, after) == [f"    litellm: {reference}"]
    place = TEXT.splitlines().index("    pinning: version # not yet a digest") + 1
    assert after.splitlines()[place : place + 3] == [f"    litellm: {reference}", "", "  # The database."]


def test_a_setting_that_is_there_is_changed_in_its_place() -> None:
    assert with_values(TEXT, {("gateway:postgres", "memory_mib"): 8192}) == TEXT.replace("4096", "8192")
    assert with_values(TEXT, {("gateway:images", "pinning"): "digest"}) == TEXT.replace("version #", "digest  #")


def test_a_new_group_is_added_at_the_end() -> None:
    after = with_values(TEXT, {("gateway:redis", "memory_mib"): 640, ("gateway:master_key_generation",): 2})
    assert added(TEXT, after) == ["  gateway:redis:", "    memory_mib: 640", "  gateway:master_key_generation: 2"]
    assert after.index("  # The end.") > after.index("gateway:master_key_generation")
    assert parse_config(after)["gateway:master_key_generation"] == 2


@pytest.mark.parametrize("text", ["", "config:\n", "config: {}\n", "encryptionsalt: v1:abc=\n"])
def test_a_file_without_settings_gets_its_first(text: str) -> None:
    after = with_values(text, {("gateway:images", "redis"): "example/redis:1"})
    assert parse_config(after) == {"gateway:images": {"redis": "example/redis:1"}}
    assert ("encryptionsalt" in after) is ("encryptionsalt" in text)


def test_encrypted_values_and_settings_of_others_are_kept() -> None:
    text = "config:\n  gateway:provider_keys:\n    OLLAMA_API_KEY:\n      secure: v1:x=:y==\n  docker:host: ssh://elsewhere\n"
    assert added(text, with_values(text, {("gateway:images", "redis"): "r:1"})) == [
        "  gateway:images:",
        "    redis: r:1",
    ]


@pytest.mark.parametrize(
    ("text", "protected"),
    [
        ("config:\n  gateway:protect: true\n", True),
        ('config:\n  gateway:protect: "true"\n', True),
        ("config:\n  gateway:protect: false\n", False),
        ("config: {}\n", False),
    ],
)
def test_a_stack_is_protected_as_its_file_says(text: str, protected: bool) -> None:  # noqa: FBT001
    assert is_protected(text) is protected


def test_single_values_are_known_by_their_paths() -> None:
    assert flatten("gateway:a", {"b": {"c": 1, "d": [1, 2]}, "e": "x", "f": {}}) == {
        "gateway:a.b.c": "1",
        "gateway:a.b.d": "[1, 2]",
        "gateway:a.e": "x",
        "gateway:a.f": "{}",
    }


@pytest.mark.parametrize(
    ("setting", "sentence"),
    [
        ("gateway:images: official", "images: should be a list of keys and values, not 'official'"),
        ("gateway:images: {secure: v1:x=}", "images: should be a list of keys and values, not 'encrypted'"),
        ("gateway:edge: 2024-10-21", "edge: should be a list of keys and values, not '2024-10-21'"),
        ("gateway:edge: {2024-10-21: 1}", "edge.2024-10-21: is not a setting; "),
        ("gateway:edge: &edge {proxy_port: *edge}", "gateway:edge: refers to itself, or is nested too deeply"),
        ("gateway:edge: &edge {allowed_hosts: [*edge]}", "gateway:edge: refers to itself, or is nested too deeply"),
    ],
)
def test_a_setting_of_another_form_is_refused_by_its_key(setting: str, sentence: str) -> None:
    with pytest.raises(OperationError) as caught:
        settings_without_secrets(f"config:\n  {setting}\n")
    assert str(caught.value).startswith(sentence)


def test_a_date_is_a_text() -> None:
    text = "config:\n  gateway:litellm:\n    environment:\n      AZURE_API_VERSION: 2024-10-21\n"
    assert settings_without_secrets(text).litellm.environment == {"AZURE_API_VERSION": "2024-10-21"}


@pytest.mark.parametrize(("text", "number"), [("", 1), ("config:\n  gateway:master_key_generation: '3'\n", 3)])
def test_generation_is_the_file_s_or_the_first(text: str, number: int) -> None:
    assert master_key_generation(text) == number


@pytest.mark.parametrize("given", ["two", "null", "[2]"])
def test_a_generation_that_is_no_number_is_refused(given: str) -> None:
    with pytest.raises(OperationError, match=r"^master_key_generation: should be a whole number, not "):
        master_key_generation(f"config:\n  gateway:master_key_generation: {given}\n")
