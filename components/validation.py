"""Says what is wrong with a setting in one sentence that begins with the setting's path."""

import difflib
from typing import Any, get_args

from pydantic import BaseModel, SecretStr, ValidationError
from pydantic_core import ErrorDetails

BOUNDS = {
    "greater_than": ("more than", "gt"),
    "greater_than_equal": ("at least", "ge"),
    "less_than": ("less than", "lt"),
    "less_than_equal": ("at most", "le"),
}
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


def sentences(error: ValidationError, model: type[BaseModel]) -> list[str]:
    """Give one sentence a fault, e.g. `litellm.replicas: should be at least 1, not 0`; never a secret's value."""
    return [f"{'.'.join(map(str, fault['loc']))}: {_verdict(fault, model)}" for fault in error.errors()]


def nearest(word: str, known: list[str]) -> str:
    """Say which known word was probably meant, or list them all."""
    close = difflib.get_close_matches(word, known, n=1, cutoff=0.5)
    return f"did you mean {close[0]}?" if close else f"known are {', '.join(sorted(known))}"


def _verdict(fault: ErrorDetails, model: type[BaseModel]) -> str:
    kind, context = fault["type"], fault.get("ctx", {})
    path = [str(key) for key in fault["loc"]]
    given = "" if _is_secret(model, path) else f", not {fault['input']!r}"
    if kind == "extra_forbidden":
        holder = _model_at(model, path[:-1])
        hint = nearest(path[-1], list(holder.model_fields)) if holder else "leave it out"
        return f"is not a setting; {hint}"
    if kind == "missing":
        return "is required"
    if kind in BOUNDS:
        word, bound = BOUNDS[kind]
        return f"should be {word} {context[bound]}{given}"
    if kind in ("enum", "literal_error"):
        return f"should be {str(context['expected']).replace(chr(39), '')}{given}"
    if kind == "string_pattern_mismatch":
        return f"should match {context['pattern']}{given}"
    if kind == "value_error":
        return str(context["error"])
    if kind.split("_")[0] in TYPES:
        return f"should be {TYPES[kind.split('_')[0]]}{given}"
    return fault["msg"][0].lower() + fault["msg"][1:]


def _model_at(model: type[BaseModel], path: list[str]) -> type[BaseModel] | None:
    """Find the model that holds the key at a path; None inside a plain dictionary."""
    for key in path:
        field = model.model_fields.get(key)
        inner = _model_in(field.annotation) if field else None
        if inner is None:
            return None
        model = inner
    return model


def _model_in(annotation: Any) -> type[BaseModel] | None:
    kinds = (annotation, *get_args(annotation))
    return next((kind for kind in kinds if isinstance(kind, type) and issubclass(kind, BaseModel)), None)


def _is_secret(model: type[BaseModel], path: list[str]) -> bool:
    """Tell whether the setting at a path, or the one that holds it, is of secrets."""
    for depth, key in enumerate(path):
        holder = _model_at(model, path[:depth])
        if holder and key in holder.model_fields and _speaks_of_secrets(holder.model_fields[key].annotation):
            return True
    return False


def _speaks_of_secrets(annotation: Any) -> bool:
    return annotation is SecretStr or any(_speaks_of_secrets(part) for part in get_args(annotation))
