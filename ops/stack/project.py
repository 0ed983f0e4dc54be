"""The project's files: where they are, and what a stack's own holds."""

import re
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.constructor import DuplicateKeyError

from components.models.document import place_of
from ops.errors import OperationError

PROJECT = Path(__file__).parents[2]
PROJECT_NAME = "gateway"
"""Name of the Pulumi project; keys of its settings begin with it."""
STACK_NAME = re.compile(r"[A-Za-z0-9_.-]{1,100}")
"""Names that Pulumi allows."""
CONFIGURATION = PROJECT / "stacks"
CACHE = PROJECT / ".cache"
"""Files that can be made again; git ignores them."""


def stack_names() -> list[str]:
    """Return the names of all stacks that have a configuration file."""
    files = CONFIGURATION.glob("Pulumi.*.yaml")
    return sorted(file.name.removeprefix("Pulumi.").removesuffix(".yaml") for file in files)


def configuration_file(name: str) -> Path:
    """Return the stack's configuration file.

    Raises:
        OperationError: if it is no name of a stack, or there is no such file.
    """
    if not STACK_NAME.fullmatch(name):
        raise OperationError(f"stack {name!r}: a name has letters, digits, _, . and -, at most 100")
    file = CONFIGURATION / f"Pulumi.{name}.yaml"
    if not file.is_file():
        known = ", ".join(stack_names())
        raise OperationError(f"stack {name}: there is no {file.relative_to(PROJECT)}; stacks are {known}")
    return file


def read_configuration(file: Path) -> str:
    """Return the text of a stack's configuration file, which `parse_document` takes.

    Raises:
        OperationError: if it cannot be read, or is something else; the sentence names the file and the place.
    """
    text = read_text(file)
    try:
        parse_document(text)
    except ValueError as error:
        raise OperationError(f"{file} {error}") from error
    return text


def parse_document(text: str) -> dict[str, Any]:
    """Return what a stack's configuration file holds.

    Raises:
        ValueError: one sentence with the place, but without values, which may be secrets.
    """
    try:
        document = YAML(typ="safe").load(text)
    except DuplicateKeyError as error:
        # Its own words show both values.
        raise ValueError(f"should be YAML: line {error.problem_mark.line + 1}: the key stands twice") from error
    except RecursionError as error:
        raise ValueError("should be nested less deeply") from error
    except Exception as error:
        raise ValueError(f"should be YAML: {place_of(error)}") from error
    found = {} if document is None else document
    config = found.get("config") or {} if isinstance(found, dict) else None
    if not isinstance(config, dict) or not all(isinstance(key, str) for key in config):
        raise ValueError("should hold `config:`, and below it settings with their values")
    return dict(found)


def read_text(file: Path) -> str:
    """Return a file's text.

    Raises:
        OperationError: if it cannot be read.
    """
    try:
        return file.read_text()
    except OSError as error:
        raise OperationError(f"{file} cannot be read: {(error.strerror or 'unknown error').lower()}") from error
    except UnicodeDecodeError as error:
        raise OperationError(f"{file} is not a text in UTF-8") from error
