"""A .env file, read by the rules of Docker Compose (https://docs.docker.com/compose/how-tos/environment-variables/)."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from ops.adopt.old.interpolation import interpolate
from ops.errors import OperationError

ASSIGNMENT = re.compile(r"[ \t]*(?:export[ \t]+)?(?P<name>[^\s=:#'\"]+)[ \t]*(?P<sign>[=:]?)[ \t]*")
ESCAPES = {"n": "\n", "r": "\r", "t": "\t", '"': '"', "\\": "\\", "$": "$$"}
"""What follows a backslash between double quotes. `$$` becomes `$` afterwards."""


@dataclass(frozen=True)
class Assignment:
    """One variable of the file."""

    name: str
    value: str | None = field(repr=False)
    """None where the line has no `=`: the value would come from the shell."""
    line: int


def parse_dotenv(text: str, file: str) -> list[Assignment]:
    """Return the variables in the order of the file; a later one of the same name replaces an earlier one.

    Raises:
        OperationError: if a line is no variable, or a quote does not end.
    """
    found: list[Assignment] = []
    values: dict[str, str] = {}
    place = 0
    while place < len(text):
        line = text.count("\n", 0, place) + 1
        if match := re.compile(r"[ \t\r]*(#[^\n]*)?(\n|$)").match(text, place):
            place = max(match.end(), place + 1)
            continue
        assignment = ASSIGNMENT.match(text, place)
        if not assignment:
            raise OperationError(f"{file} line {line}: should be NAME=VALUE")
        name = assignment["name"]
        if not assignment["sign"]:
            found.append(Assignment(name, None, line))
            place = _line_end(text, assignment.end())
            continue
        value, place = _value(text, assignment.end(), values, f"{file} line {line}")
        values[name] = value
        found.append(Assignment(name, value, line))
    return found


def _value(text: str, place: int, values: Mapping[str, str], where: str) -> tuple[str, int]:
    """Return the value that begins at a place, and where the next line begins."""
    quote = text[place : place + 1]
    if quote not in ("'", '"'):
        end = _line_end(text, place)
        plain = re.sub(r"(^|\s)#.*$", "", text[place:end].rstrip("\r\n")).rstrip()
        return interpolate(plain, values, where), end
    end = place + 1
    while end < len(text) and text[end] != quote:
        end += 2 if text[end] == "\\" else 1
    if end >= len(text):
        raise OperationError(f"{where}: the quote does not end")
    rest = text[end + 1 : _line_end(text, end)].strip()
    if rest and not rest.startswith("#"):
        raise OperationError(f"{where}: there is more after the quote")
    inner = text[place + 1 : end]
    if quote == "'":
        return inner.replace("\\'", "'"), _line_end(text, end)
    unescaped = re.sub(r"\\(.)", lambda match: ESCAPES.get(match[1], match[0]), inner, flags=re.DOTALL)
    return interpolate(unescaped, values, where), _line_end(text, end)


def _line_end(text: str, place: int) -> int:
    end = text.find("\n", place)
    return len(text) if end < 0 else end + 1
