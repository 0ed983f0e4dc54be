"""Tables of settings as text: path, type, bounds, default and description of each setting."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel

PREFIX = "gateway:"
KINDS = {"integer": "whole number", "number": "number", "string": "text", "boolean": "true or false", "null": "null"}
"""Type in JSON Schema → the word in the tables."""
ANYTHING = "keys and values"
"""Kind of a group whose keys are LiteLLM's."""
BOUNDS = {
    "minimum": "at least {}",
    "exclusiveMinimum": "more than {}",
    "maximum": "at most {}",
    "exclusiveMaximum": "less than {}",
    "minLength": "characters: at least {}",
    "maxLength": "characters: at most {}",
    "minItems": "entries: at least {}",
    "maxItems": "entries: at most {}",
    "pattern": "matches `{}`",
}
"""Bound in JSON Schema → the words in the tables."""

Schema = Mapping[str, Any]
"""JSON Schema of a settings class; references are already resolved."""


@dataclass(frozen=True)
class Row:
    """One setting; every column is text."""

    key: str
    kind: str
    bounds: str
    default: str
    text: str


@dataclass(frozen=True)
class Table:
    """One group of settings."""

    title: str
    text: str
    rows: tuple[Row, ...]


def tables(model: type[BaseModel]) -> list[Table]:
    """Return a table of a class's own settings, then one for each group in it.

    Keys are paths as in a stack file, below the top key.
    """
    return [table for table in _tables(_schema_of(model), ()) if table.rows]


def own_rows(model: type[BaseModel]) -> tuple[Row, ...]:
    """Return a class's own settings under their plain names, without the groups in it."""
    return _rows(_schema_of(model), ("",))


def one_line(text: str) -> str:
    """Return a docstring as one line."""
    return " ".join(text.split())


def _schema_of(model: type[BaseModel]) -> Schema:
    """Return a class's JSON Schema with each reference replaced by its definition."""
    schema = model.model_json_schema()
    definitions = schema.get("$defs", {})

    def expanded(part: Any) -> Any:
        if isinstance(part, list):
            return [expanded(item) for item in part]
        if not isinstance(part, dict):
            return part
        named = expanded(definitions[part["$ref"].rsplit("/", 1)[-1]]) if "$ref" in part else {}
        return {**named, **{key: expanded(value) for key, value in part.items() if key not in ("$ref", "$defs")}}

    found: Schema = expanded(schema)
    return found


def _tables(schema: Schema, path: tuple[str, ...]) -> Iterator[Table]:
    top, *rest = path or ("",)
    title = f"`{PREFIX}{top}`" + (f" → `{'.'.join(rest)}`" if rest else "")
    yield Table(title, one_line(schema["description"]), _rows(schema, path))
    for name, field in schema["properties"].items():
        if group := _group(field):
            # A group's own defaults may differ from those of its class.
            defaults = field.get("default") or {}
            properties = {
                key: {**value, "default": defaults[key]} if key in defaults else value
                for key, value in group["properties"].items()
            }
            text = field.get("description", group["description"])
            yield from _tables({**group, "properties": properties, "description": text}, (*path, name))
        elif entry := _group(field.get("items", {})):
            yield from _tables(entry, (*path, f"{name}[]"))


def _rows(schema: Schema, path: tuple[str, ...]) -> tuple[Row, ...]:
    required = schema.get("required", [])
    return tuple(
        Row(
            key=".".join((*path[1:], name)) if path else f"{PREFIX}{name}",
            kind=" or ".join(_kinds(field)),
            bounds=", ".join(_bounds(field)),
            default="required" if name in required else _value(field.get("default", {})),
            text=one_line(field.get("description", "")),
        )
        for name, field in schema["properties"].items()
        if not _group(field)
    )


def _choices(field: Schema) -> list[Schema]:
    """Return what a field may be: itself, or one of several types; of keys and values, the values."""
    values = field.get("additionalProperties")
    return [field, *field.get("anyOf", []), *([values] if isinstance(values, dict) else [])]


def _group(field: Schema) -> Schema | None:
    return next((choice for choice in _choices(field) if "properties" in choice), None)


def _kinds(field: Schema) -> list[str]:
    if "anyOf" in field:
        return [kind for choice in field["anyOf"] for kind in _kinds(choice)]
    if "enum" in field:
        return [f"`{word}`" for word in field["enum"]]
    if "const" in field:
        return [f"`{field['const']}`"]
    if field.get("writeOnly"):
        return ["secret text"]
    if field["type"] == "array":
        if _group(field["items"]):
            return ["list of groups"]
        kinds = " or ".join(_kinds(field["items"]))
        return [f"list of {kinds}" if kinds == ANYTHING else f"list of {kinds}s"]
    if field["type"] == "object":
        values = field["additionalProperties"]
        return [ANYTHING if values is True else f"{' or '.join(_kinds(values))}s by name"]
    return [KINDS[field["type"]]]


def _bounds(field: Schema) -> Iterator[str]:
    for choice in _choices(field):
        yield from (form.format(choice[word]) for word, form in BOUNDS.items() if word in choice)


def _value(default: Any) -> str:
    if default in ([], {}):
        return "none"
    return f"`{str(default).lower() if isinstance(default, bool) else 'null' if default is None else default}`"
