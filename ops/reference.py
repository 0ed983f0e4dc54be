"""The reference of all settings and models as Markdown tables, made from the code's own texts."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from typing import Any

from pydantic import BaseModel

from components.models import CatalogueEntry, load_catalogue
from components.settings import CATALOGUE, Settings
from ops.document import Document
from ops.failure import Failure
from ops.stack import PROJECT

PREFIX = "gateway:"
KINDS = {"integer": "whole number", "number": "number", "string": "text", "boolean": "true or false", "null": "null"}
"""JSON Schema's word for a type → ours."""
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
"""JSON Schema's word for a bound → ours."""

Schema = Mapping[str, Any]
"""JSON Schema of a settings class, without references."""


class Action(Enum):
    """What is done with the reference."""

    PRINT = "print"
    CHECK = "check"
    """Fail when a document holds another text."""
    WRITE = "write"


@dataclass(frozen=True)
class Row:
    """One setting; each column as text."""

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


def run(action: Action, project: Path = PROJECT) -> None:
    """Print the reference, write it into its documents, or compare it with them.

    Raises:
        Failure: when a document differs, or has no place for it.
    """
    for document, text in contents(project).items():
        if action is Action.PRINT:
            print(text)
        elif action is Action.WRITE:
            document.write(text)
        elif document.differs(text):
            raise Failure(f"{document.file.name} is not what the code says: run `python -m ops reference --write`")


def contents(project: Path = PROJECT) -> dict[Document, str]:
    """Give the text of each document's generated part."""
    configuration = project / "docs" / "configuration.md"
    return {
        Document(configuration, "settings"): settings_text(Settings),
        Document(configuration, "model file"): rows_text(rows(schema_of(CatalogueEntry), ("",))),
        Document(project / "README.md", "models"): models_text(load_catalogue(CATALOGUE)),
    }


def settings_text(model: type[BaseModel]) -> str:
    """Write a heading and a table for each group of settings."""
    found = [table for table in tables(schema_of(model)) if table.rows]
    return "\n".join(f"### {table.title}\n\n{table.text}\n\n{rows_text(table.rows)}" for table in found)


def rows_text(found: tuple[Row, ...]) -> str:
    """Write settings as a table."""
    head = ("Key", "Type", "Bounds", "Default", "What it is")
    return _table(head, *((f"`{row.key}`", row.kind, row.bounds, row.default, row.text) for row in found))


def models_text(catalogue: Mapping[str, CatalogueEntry]) -> str:
    """Write the catalogue of models as a table."""
    return _table(
        ("Model", "Provider", "Mode", "Key", "Served at"),
        *(
            (
                f"`{name}`",
                entry.provider.value,
                entry.mode.value,
                f"`{entry.key}`" if entry.key else "none",
                f"`{entry.served_at}`" if entry.served_at else "the provider's own address",
            )
            for name, entry in catalogue.items()
        ),
    )


def schema_of(model: type[BaseModel]) -> Schema:
    """Give a settings class as JSON Schema, with each reference replaced by what it names."""
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


def tables(schema: Schema, path: tuple[str, ...] = ()) -> Iterator[Table]:
    """Give the settings of a group, then those of the groups in it."""
    top, *rest = path or ("",)
    title = f"`{PREFIX}{top}`" + (f" → `{'.'.join(rest)}`" if rest else "")
    yield Table(title, one_line(schema["description"]), rows(schema, path))
    for name, field in schema["properties"].items():
        if group := _group(field):
            # A group's own defaults may differ from those of its class.
            defaults = field.get("default") or {}
            properties = {
                key: {**value, "default": defaults[key]} if key in defaults else value
                for key, value in group["properties"].items()
            }
            text = field.get("description", group["description"])
            yield from tables({**group, "properties": properties, "description": text}, (*path, name))


def rows(schema: Schema, path: tuple[str, ...]) -> tuple[Row, ...]:
    """Give a group's settings without the groups in it. Keys are those of a stack file, below the path's first."""
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


def one_line(text: str) -> str:
    """Join the lines of a docstring."""
    return " ".join(text.split())


def _choices(field: Schema) -> list[Schema]:
    return [field, *field.get("anyOf", [])]


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
        return [f"list of {' or '.join(_kinds(field['items']))}s"]
    if field["type"] == "object":
        return [f"{' or '.join(_kinds(field['additionalProperties']))}s by name"]
    return [KINDS[field["type"]]]


def _bounds(field: Schema) -> Iterator[str]:
    for choice in _choices(field):
        yield from (form.format(choice[word]) for word, form in BOUNDS.items() if word in choice)


def _value(default: Any) -> str:
    if default in ([], {}):
        return "none"
    return f"`{str(default).lower() if isinstance(default, bool) else 'null' if default is None else default}`"


def _table(head: tuple[str, ...], *lines: tuple[str, ...]) -> str:
    cells = (head, ("---",) * len(head), *lines)
    return "".join(f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in line)} |\n" for line in cells)
