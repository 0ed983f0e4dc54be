"""Compose's variables."""

import pytest

from ops.adopt.old.interpolation import interpolate
from ops.errors import OperationError

VALUES = {"A": "1", "EMPTY": ""}


@pytest.mark.parametrize(
    ("text", "result"),
    [
        ("$A-${A}", "1-1"),
        ("$$A $${A}", "$A ${A}"),
        ("${B}", ""),
        ("${B:-2}${B-3}", "23"),
        ("${EMPTY:-2}${EMPTY-3}", "2"),
        ("${A:-2}", "1"),
        ("${B:-${A}x}", "1x"),
        ("${B:-${C:-deep}}", "deep"),
        ("${A:+set}${B:+set}${EMPTY:+set}${EMPTY+set}", "setset"),
        ("${A:?}${EMPTY?}", "1"),
        ("cost: 5$", "cost: 5$"),
        ("a$1b", "a$1b"),
    ],
)
def test_variables_are_replaced(text: str, result: str) -> None:
    assert interpolate(text, VALUES, "file") == result


def test_the_names_that_a_text_asks_for_are_told() -> None:
    used: set[str] = set()
    interpolate("${A} ${B:-$C}", VALUES, "file", used)
    assert used == {"A", "B", "C"}


@pytest.mark.parametrize("text", ["${B:?say}", "${EMPTY:?}", "${B?}", "${A!}", "${A"])
def test_what_cannot_be_replaced_is_refused(text: str) -> None:
    with pytest.raises(OperationError, match=r"^file: "):
        interpolate(text, VALUES, "file")
