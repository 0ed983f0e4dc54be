"""Compose's ${VARIABLES} (https://docs.docker.com/reference/compose-file/interpolation/)."""

import re
from collections.abc import Mapping

from ops.errors import OperationError

VARIABLE = re.compile(r"\$(?:(?P<escaped>\$)|(?P<plain>[A-Za-z_]\w*)|\{(?P<name>[A-Za-z_]\w*))")
OPERATOR = re.compile(r":?[-?+]")


def interpolate(text: str, values: Mapping[str, str], where: str, used: set[str] | None = None) -> str:
    """Replace the variables in a text; one that is not set is empty.

    Args:
        text: the text.
        values: the variables.
        where: of the text, for errors.
        used: gets the names of the variables that the text asks for.

    Raises:
        OperationError: if a variable is required and not set, or a brace does not end.
    """
    result, place = "", 0
    while match := VARIABLE.search(text, place):
        result += text[place : match.start()]
        place = match.end()
        if match["escaped"]:
            result += "$"
            continue
        name = match["plain"] or match["name"]
        if used is not None:
            used.add(name)
        if match["plain"]:
            result += values.get(name, "")
            continue
        end = _closing_brace(text, place, where)
        result += _expanded(name, text[place:end], values, where, used)
        place = end + 1
    return result + text[place:]


def _expanded(name: str, rest: str, values: Mapping[str, str], where: str, used: set[str] | None) -> str:
    """Return what stands for `${NAME REST}`: REST is empty, or an operator with its word."""
    if not rest:
        return values.get(name, "")
    operator = OPERATOR.match(rest)
    if not operator:
        raise OperationError(f"{where}: ${{{name}…}} is no variable in Compose's form")
    word = rest[operator.end() :]
    is_set = bool(values.get(name)) if operator[0].startswith(":") else name in values
    match operator[0][-1]:
        case "+":
            return interpolate(word, values, where, used) if is_set else ""
        case "?" if not is_set:
            raise OperationError(f"{where}: {name} is required and not set; give the .env file with --env")
        case "-" if not is_set:
            return interpolate(word, values, where, used)
        case _:
            return values[name]


def _closing_brace(text: str, place: int, where: str) -> int:
    depth = 1
    while place < len(text):
        depth += text.startswith("${", place) - (text[place] == "}")
        if not depth:
            return place
        place += 1
    raise OperationError(f"{where}: a variable has no closing brace")
