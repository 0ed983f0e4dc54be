"""Where the project's files are."""

from pathlib import Path

from ops.errors import OperationError

PROJECT = Path(__file__).parents[2]
PROJECT_NAME = "gateway"
"""Name of the Pulumi project; keys of its settings begin with it."""
CONFIGURATION = PROJECT / "stacks"
CACHE = PROJECT / ".cache"
"""Files that can be made again; git ignores them."""


def stack_names() -> list[str]:
    """Return the names of all stacks that have a configuration file."""
    return sorted(file.name.split(".")[1] for file in CONFIGURATION.glob("Pulumi.*.yaml"))


def configuration_file(name: str) -> Path:
    """Return the stack's configuration file.

    Raises:
        OperationError: if there is no such file.
    """
    file = CONFIGURATION / f"Pulumi.{name}.yaml"
    if not file.is_file():
        known = ", ".join(stack_names())
        raise OperationError(f"stack {name}: there is no {file.relative_to(PROJECT)}; stacks are {known}")
    return file
