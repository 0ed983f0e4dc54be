"""A YAML file of the existing deployment: its values, and the line of each key."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from components.models.document import load
from ops.errors import OperationError
from ops.stack.project import read_text

KeyPath = tuple[str | int, ...]
"""Keys and places in lists from the top of a file: ("model_list", 0, "model_name")."""


@dataclass(frozen=True)
class YamlFile:
    """One file, read."""

    name: str
    values: Mapping[str, Any] = field(repr=False)
    lines: Mapping[KeyPath, int]
    """Line of each key, from 1. Keys that a merge (`<<`) brings in are absent."""

    def line(self, path: KeyPath) -> int:
        """Return the line of a key, else of the nearest key above it."""
        return next((self.lines[path[:end]] for end in range(len(path), 0, -1) if path[:end] in self.lines), 1)


def read_yaml(file: Path) -> YamlFile:
    """Read a file that holds keys and values.

    Raises:
        OperationError: if it cannot be read, or is something else.
    """
    text = read_text(file)
    try:
        values = load(text)
        lines = dict(_lines(yaml.compose(text, yaml.SafeLoader), ()))
    except ValueError as error:
        raise OperationError(f"{file} {error}") from error
    except RecursionError as error:
        raise OperationError(f"{file} should not refer to itself") from error
    if not isinstance(values, dict) or not all(isinstance(key, str) for key in values):
        raise OperationError(f"{file} should hold keys and values")
    return YamlFile(file.name, values, lines)


def leaves(value: Any, path: KeyPath = ()) -> Iterator[KeyPath]:
    """Find each key without keys below it; a list of plain values is one."""
    if isinstance(value, dict) and value:
        for key, inner in value.items():
            yield from leaves(inner, (*path, str(key)))
    elif isinstance(value, list) and any(isinstance(item, dict) for item in value):
        for place, inner in enumerate(value):
            yield from leaves(inner, (*path, place))
    else:
        yield path


def written(path: KeyPath) -> str:
    """Format a path as people write it: `model_list[0].model_name`."""
    text = ""
    for part in path:
        text += f"[{part}]" if isinstance(part, int) else f".{part}" if text else part
    return text


def _lines(node: yaml.Node | None, path: KeyPath) -> Iterator[tuple[KeyPath, int]]:
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            place = (*path, str(key.value))
            yield place, key.start_mark.line + 1
            yield from _lines(value, place)
    elif isinstance(node, yaml.SequenceNode):
        for number, item in enumerate(node.value):
            yield (*path, number), item.start_mark.line + 1
            yield from _lines(item, (*path, number))
