"""A YAML file holds what it says."""

import pytest

from components.models.document import load


def test_a_date_is_a_text_and_an_exponent_a_number() -> None:
    assert load("api_version: 2024-10-21\nprice: 1e-6") == {"api_version": "2024-10-21", "price": 1e-6}


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("rpm: 1\nrpm: 2", "line 2, column 1: the key stands twice; remove one of the two"),
        ("a:\n  rpm: 1\n  rpm: 2", "line 3, column 3: the key stands twice; remove one of the two"),
        ("on: 1", "line 1, column 1: the key is read as true, false or null; put quotes around it"),
        ("a: {null: 1}", "line 1, column 5: the key is read as true, false or null; put quotes around it"),
        ("a: !vault hush", "line 1, column 4: could not determine a constructor for the tag '!vault'"),
        ("a: \x00", "it holds bytes or values that YAML does not allow"),
    ],
)
def test_what_was_hardly_meant_is_refused_with_its_place(text: str, reason: str) -> None:
    with pytest.raises(ValueError) as caught:  # noqa: PT011 - the whole text is compared
        load(text)
    assert str(caught.value) == f"should be YAML: {reason}"


def test_a_merge_and_a_number_as_a_key_are_allowed() -> None:
    text = "a: &a {rpm: 1}\nb: {<<: *a, rpm: 2}\nlogit_bias: {50256: -100}"
    assert load(text) == {"a": {"rpm": 1}, "b": {"rpm": 2}, "logit_bias": {50256: -100}}
