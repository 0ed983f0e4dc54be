"""A .env file."""

import pytest

from ops.adopt.old.dotenv import Assignment, parse_dotenv
from ops.errors import OperationError


def values(text: str) -> dict[str, str | None]:
    return {each.name: each.value for each in parse_dotenv(text, ".env")}


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("A=1", "1"),
        ("export A=1", "1"),
        ("  A = 1  ", "1"),
        ("A: 1", "1"),
        ("A=", ""),
        ("A=1 # a comment", "1"),
        ("A=a#b", "a#b"),
        ("A= # a comment", ""),
        ('A="1 # no comment" # a comment', "1 # no comment"),
        (r'A="a\nb\t\"c\""', 'a\nb\t"c"'),
        ("A='a\\nb $B'", "a\\nb $B"),
        ('A="two\nlines"', "two\nlines"),
        ("A='-----BEGIN KEY-----\nx\n-----END KEY-----'", "-----BEGIN KEY-----\nx\n-----END KEY-----"),
        ("A=1\r", "1"),
        ("A=pa$$word", "pa$word"),
        (r'A="pa\$word"', "pa$word"),
        ("A=b=c", "b=c"),
    ],
)
def test_a_value_is_read_by_compose_s_rules(text: str, value: str) -> None:
    assert values(text) == {"A": value}


def test_a_value_may_refer_to_earlier_ones() -> None:
    assert values("A=1\nB=${A}2\nC='${A}'\nD=\"${X:-3}\"") == {"A": "1", "B": "12", "C": "${A}", "D": "3"}


def test_lines_are_counted_over_comments_and_values_of_several_lines() -> None:
    found = parse_dotenv("# c\n\nA='x\ny'\nB=1\nC\n", ".env")
    assert found == [Assignment("A", "x\ny", 3), Assignment("B", "1", 5), Assignment("C", None, 6)]


def test_a_value_is_not_part_of_the_variable_s_text() -> None:
    assert "secret" not in repr(parse_dotenv("A=secret", ".env"))


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("A=1\n=2", ".env line 2: should be NAME=VALUE"),
        ("A='1", ".env line 1: the quote does not end"),
        ("A='1' 2", ".env line 1: there is more after the quote"),
        ("A=${B", ".env line 1: a variable has no closing brace"),
        ("A=${B:?}", ".env line 1: B is required and not set; give the .env file with --env"),
    ],
)
def test_a_bad_line_is_named_without_its_value(text: str, sentence: str) -> None:
    with pytest.raises(OperationError) as refused:
        parse_dotenv(text, ".env")
    assert str(refused.value) == sentence
