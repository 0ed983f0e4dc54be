"""The check of a part of LiteLLM's configuration against a release."""

from typing import Any

import pytest

from components.releases.check import UNCHECKED_HINT, mistakes, of_type

KNOWN = {
    "rpm": ["integer", "null"],
    "timeout": ["number", "string"],
    "tags": ["array"],
    "api_key": ["string"],
    "any": [],
}
CURE = "write os.environ/NAME and give the value with `pulumi config set --secret`"


@pytest.mark.parametrize(
    ("values", "sentences"),
    [
        ({"rpm": 5, "timeout": "5", "tags": [], "api_key": "os.environ/A", "any": {}}, []),
        ({"rmp": 5}, ["here.rmp: is unknown to LiteLLM; did you mean rpm?"]),
        ({"xyzzy": 5}, [f"here.xyzzy: is unknown to LiteLLM; {UNCHECKED_HINT}"]),
        ({5: 5}, [f"here.5: is unknown to LiteLLM; {UNCHECKED_HINT}"]),
        ({"rpm": "5"}, ["here.rpm: should be a whole number, not '5'"]),
        ({"timeout": []}, ["here.timeout: should be a number or a text, not a list"]),
        ({"tags": {"a": 1}}, ["here.tags: should be a list, not keys and values"]),
        ({"api_key": 5}, ["here.api_key: should be a text"]),
        ({"api_key": "plain"}, [f"here.api_key: holds a secret in clear; {CURE}"]),
        ({"rpm": "sk-0123456789abcdef01"}, [f"here.rpm: looks like a secret in clear; {CURE}"]),
        (
            {"any": {"sk-0123456789abcdef01": 1}},
            [f"here.any.sk-0123456789abcdef01: is a key that looks like a secret; {CURE}"],
        ),
        ({"any": {"token": "plain"}}, [f"here.any.token: holds a secret in clear; {CURE}"]),
        ({"any": ["os.environ/a-b"]}, ["here.any[0]: should be os.environ/NAME, where NAME matches ^[A-Z][A-Z0-9_]*$"]),
        (
            {"rmp": 5, "rpm": "5"},
            ["here.rmp: is unknown to LiteLLM; did you mean rpm?", "here.rpm: should be a whole number, not '5'"],
        ),
    ],
    ids=str,
)  # fmt: skip
def test_each_mistake_is_a_sentence(values: dict[str, Any], sentences: list[str]) -> None:
    assert list(mistakes(values, KNOWN, "here")) == sentences


def test_top_of_a_file_has_no_path() -> None:
    assert list(mistakes({"rpm": "5"}, KNOWN, "")) == ["rpm: should be a whole number, not '5'"]


def test_unchecked_refuses_secrets_alone() -> None:
    values = {"rmp": 5, "rpm": "5", "token": "plain", "any": "os.environ/a"}
    assert list(mistakes(values, KNOWN, "", unchecked=True)) == [
        f"token: holds a secret in clear; {CURE}",
        "any: should be os.environ/NAME, where NAME matches ^[A-Z][A-Z0-9_]*$",
    ]


@pytest.mark.parametrize(
    ("value", "kinds"),
    [
        (None, ["integer"]), (True, ["boolean"]), (5, ["integer"]), (5, ["number"]), (5.5, ["number"]),
        (5.0, ["integer"]), ("a", ["string"]), ([], ["array"]), ((), ["array"]), ({}, ["object"]),
        ("os.environ/A", ["integer"]), (object, []),
    ],
    ids=str,
)  # fmt: skip
def test_value_has_its_type(value: object, kinds: list[str]) -> None:
    assert of_type(value, kinds)


@pytest.mark.parametrize(
    ("value", "kinds"),
    [
        (True, ["integer", "number", "string"]), (5, ["boolean", "string"]), (5.5, ["integer"]),
        ("5", ["integer", "number"]), ([], ["object"]), ({}, ["array"]), ("a", ["array"]),
    ],
    ids=str,
)  # fmt: skip
def test_value_of_another_type_is_refused(value: object, kinds: list[str]) -> None:
    assert not of_type(value, kinds)
