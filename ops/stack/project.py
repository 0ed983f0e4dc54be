"""Where the project's files are."""

import re
from pathlib import Path

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
    return sorted(file.name.split(".")[1] for file in CONFIGURATION.glob("Pulumi.*.yaml"))


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
