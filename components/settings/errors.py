"""Errors of settings: one sentence each, which begins with the setting's path."""

import difflib
from typing import Any, Literal, get_args, get_origin

from pydantic import BaseModel, SecretStr, ValidationError
from pydantic.fields import FieldInfo
from pydantic_core import ErrorDetails

BOUNDS = {
    "greater_than": ("more than", "gt"),
    "greater_than_equal": ("at least", "ge"),
    "less_than": ("less than", "lt"),
    "less_than_equal": ("at most", "le"),
}
FIXED = {
    "finite_number": "should be a finite number",
    "missing": "is required",
    "string_too_short": "must not be empty",
    "too_short": "must not be empty",
}
LENGTHS = {
    "string_too_long": "should be at most {max_length} characters long",
    "too_long": "must have at most {max_length} entries, not {actual_length}",
}
MOST_LISTED = 30
"""A longer list helps nobody."""
TYPES = {
    "int": "a whole number",
    "float": "a number",
    "bool": "true or false",
    "string": "a text",
    "model": "a list of keys and values",
    "dict": "a list of keys and values",
    "tuple": "a list",
    "list": "a list",
}

Location = tuple[int | str, ...]
"""Keys from the outermost on, and numbers of entries of lists."""


def sentences(error: ValidationError, model: type[BaseModel]) -> list[str]:
    """Return a sentence for each wrong setting, such as `litellm.replicas: should be at least 1, not 0`.

    A secret's value is never part of it.
    """
    faults: dict[Location, list[ErrorDetails]] = {}
    for fault in error.errors():
        faults.setdefault(_setting(model, fault["loc"]), []).append(fault)
    return [
        f"{_shown(path)}{_joint(path, found, model)}{_sentence(path, found, model)}" for path, found in faults.items()
    ]


def _shown(path: Location) -> str:
    return "".join(f"[{key}]" if isinstance(key, int) else f".{printable(key)}" for key in path).removeprefix(".")


def printable(name: object) -> str:
    """Return a key as part of a path in one line."""
    text = str(name)
    if not text:
        return "''"
    return text if text.isprintable() else repr(text)[1:-1]


def _sentence(path: Location, faults: list[ErrorDetails], model: type[BaseModel]) -> str:
    """Return the sentence for one setting.

    A setting that may have several types has a fault for each type; a broken bound says most.
    """
    given = "" if _is_secret(model, path) else f", not {faults[0]['input']!r}"
    telling = [fault for fault in faults if fault["type"] in BOUNDS] or faults
    phrases = [_phrase(path, fault, model) for fault in telling]
    if all(phrase.startswith("should ") for phrase in phrases):
        return " or ".join([phrases[0], *(phrase.removeprefix("should be ") for phrase in phrases[1:])]) + given
    return phrases[0]


def nearest(word: str, known: list[str]) -> str:
    """Return a hint: the known word that was probably meant, or all known words."""
    close = difflib.get_close_matches(word, known, n=1, cutoff=0.5)
    if close:
        return f"did you mean {close[0]}?"
    return f"known are {', '.join(sorted(known))}" if len(known) <= MOST_LISTED else "none that is known is near"


def _phrase(path: Location, fault: ErrorDetails, model: type[BaseModel]) -> str:
    kind, context = fault["type"], fault.get("ctx", {})
    if kind == "extra_forbidden":
        holder = _model_at(model, path[:-1])
        if name := getattr(holder, "renamed", {}).get(path[-1]):
            return f"is an old name; write {name}"
        hint = nearest(str(path[-1]), list(holder.model_fields)) if holder else "leave it out"
        return f"is not a setting; {hint}"
    if kind in FIXED:
        return FIXED[kind]
    if kind in BOUNDS:
        word, bound = BOUNDS[kind]
        return f"should be {word} {context[bound]}"
    if kind in LENGTHS:
        return LENGTHS[kind].format(**context)
    if kind in ("enum", "literal_error"):
        return f"should be {str(context['expected']).replace(chr(39), '')}"
    if kind == "string_pattern_mismatch":
        return f"should match {context['pattern']}"
    if kind == "value_error":
        return str(context["error"])
    if kind.split("_")[0] in TYPES:
        return f"should be {TYPES[kind.split('_')[0]]}"
    return fault["msg"][0].lower() + fault["msg"][1:]


def _joint(path: Location, faults: list[ErrorDetails], model: type[BaseModel]) -> str:
    """Return what stands between a path and its sentence: a dot where the sentence begins with a key of the group."""
    group = _model_at(model, path)
    first, colon, _ = _phrase(path, faults[0], model).partition(": ")
    return "." if path and group and colon and first in group.model_fields else ": "


def _model_at(model: type[BaseModel], path: Location) -> type[BaseModel] | None:
    """Return the model that holds the key at a path; None inside a plain dictionary."""
    for key in path:
        if isinstance(key, int):
            # The model of a list's entries is found with the list.
            continue
        field = model.model_fields.get(key)
        inner = _model_in(field.annotation) if field else None
        if inner is None:
            return None
        model = inner
    return model


def _field_at(model: type[BaseModel], path: Location) -> FieldInfo | None:
    """Return the field that a path names; None inside a plain dictionary, and for an entry of a list."""
    holder, key = _model_at(model, path[:-1]), path[-1]
    return holder.model_fields.get(key) if holder and isinstance(key, str) else None


def _model_in(annotation: Any) -> type[BaseModel] | None:
    kinds = (annotation, *get_args(annotation))
    return next((kind for kind in kinds if isinstance(kind, type) and issubclass(kind, BaseModel)), None)


def _is_secret(model: type[BaseModel], path: Location) -> bool:
    """Return whether the setting at a path, or one that holds it, is a secret or may hold one (`repr=False`)."""
    for length in range(1, len(path) + 1):
        field = _field_at(model, path[:length])
        if field and (not field.repr or _has_secret(field.annotation)):
            return True
    return False


def _has_secret(annotation: Any) -> bool:
    return annotation is SecretStr or any(_has_secret(part) for part in get_args(annotation))


def _setting(model: type[BaseModel], location: Location) -> Location:
    """Return the path without what pydantic appends to a value that may have several types."""
    for length in range(1, len(location)):
        field = _field_at(model, location[:length])
        if field and Literal in {get_origin(kind) for kind in get_args(field.annotation)}:
            return location[:length]
    return location
