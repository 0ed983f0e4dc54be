"""Checks a part of LiteLLM's configuration against a release: names, types, secrets. One sentence for each mistake."""

from collections.abc import Iterator, Mapping
from typing import Any

from components.releases.release import Types
from components.releases.secret_values import (
    REFERENCE,
    VARIABLE,
    is_reference,
    is_secret_name,
    literal_secrets,
    references,
)
from components.settings.errors import nearest, printable

WORDS = {
    "array": "a list",
    "boolean": "true or false",
    "integer": "a whole number",
    "null": "null",
    "number": "a number",
    "object": "keys and values",
    "string": "a text",
}
UNCHECKED_HINT = "set unchecked: true to pass on what this release does not know"


def mistakes(values: Mapping[str, Any], known: Types, path: str, *, unchecked: bool = False) -> Iterator[str]:
    """Return a sentence for each mistake in a group of LiteLLM's own keys.

    Args:
        values: the group.
        known: names and types of the release.
        path: of the group, for the sentences.
        unchecked: whether unknown names and other types pass. A secret in clear never does.
    """
    for name, value in values.items():
        place = f"{path}.{printable(name)}" if path else printable(name)
        if not unchecked and name not in known:
            yield f"{place}: is unknown to LiteLLM; {_hint(name, known)}"
            continue
        secrets = list(literal_secrets({name: value}, path))
        for where, reason in secrets:
            yield f"{where}: {reason}; write {REFERENCE}NAME and give the value with `pulumi config set --secret`"
        for where, variable in references(value, place):
            if not VARIABLE.fullmatch(variable):
                yield f"{where}: should be {REFERENCE}NAME, where NAME matches ^{VARIABLE.pattern}$"
        if not unchecked and not secrets and not of_type(value, known[name]):
            wanted = " or ".join(WORDS[kind] for kind in known[name] if kind != "null")
            yield f"{place}: should be {wanted}{'' if is_secret_name(str(name)) else f', not {_shown(value)}'}"


def of_type(value: Any, kinds: list[str]) -> bool:
    """Return whether a value has one of these JSON types. A reference to the environment may stand for any."""
    if not kinds or is_reference(value):
        return True
    match value:
        case None:
            return True
        case bool():
            return "boolean" in kinds
        case int():
            return "integer" in kinds or "number" in kinds
        case float():
            return "number" in kinds or ("integer" in kinds and value.is_integer())
        case str():
            return "string" in kinds
        case list() | tuple():
            return "array" in kinds
        case _:
            return "object" in kinds


def _hint(name: str, known: Types) -> str:
    # A list of hundreds of names helps nobody.
    guess = nearest(str(name), list(known))
    return guess if guess.startswith("did you mean") else UNCHECKED_HINT


def _shown(value: Any) -> str:
    return "a list" if isinstance(value, list) else "keys and values" if isinstance(value, dict) else repr(value)
