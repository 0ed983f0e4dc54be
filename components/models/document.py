"""A YAML file that people write, such as a model's: nothing in it is taken for what was hardly meant."""

import re
from typing import Any, ClassVar

import yaml

EXPONENT = re.compile(r"[-+]?[0-9]+[eE][-+]?[0-9]+")
"""A number such as 1e-6, which PyYAML reads as text."""
MERGE, TIMESTAMP = "tag:yaml.org,2002:merge", "tag:yaml.org,2002:timestamp"
SAFE_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
"""The C loader reads 1,800 files in the time in which the other reads 200."""


class Loader(SAFE_LOADER):  # type: ignore[misc]
    """`api_version: 2024-10-21` is a text, `1e-6` a number. A key that stands twice is refused, and `on:` as a key."""

    yaml_implicit_resolvers: ClassVar[dict[str, list[tuple[str, re.Pattern[str]]]]] = {
        first: [(tag, form) for tag, form in resolvers if tag != TIMESTAMP]
        for first, resolvers in SAFE_LOADER.yaml_implicit_resolvers.items()
    }

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:  # noqa: FBT001, FBT002
        """Return keys and values.

        Raises:
            yaml.constructor.ConstructorError: when a key stands twice, or is true, false or null.
        """
        seen: set[tuple[str, Any]] = set()
        for key, _ in node.value:
            if not isinstance(key, yaml.ScalarNode) or key.tag == MERGE:
                continue
            if key.tag.endswith((":bool", ":null")):
                raise _fault("the key is read as true, false or null; put quotes around it", key)
            if (key.tag, key.value) in seen:
                raise _fault("the key stands twice; remove one of the two", key)
            seen.add((key.tag, key.value))
        found: dict[Any, Any] = super().construct_mapping(node, deep=deep)
        return found


Loader.add_implicit_resolver("tag:yaml.org,2002:float", EXPONENT, list("-+0123456789"))


def load(text: str | bytes) -> Any:
    """Return what a file holds.

    Raises:
        ValueError: one sentence with the place, but without the text, which may hold a secret.
    """
    try:
        return yaml.load(text, Loader=Loader)  # noqa: S506 - a safe loader
    except RecursionError as error:
        raise ValueError("should be nested less deeply") from error
    except Exception as error:
        raise ValueError(f"should be YAML: {place_of(error)}") from error


def place_of(error: Exception) -> str:
    """Return where a file is no YAML, and why, in a parser's words."""
    mark, problem = getattr(error, "problem_mark", None), getattr(error, "problem", None)
    if mark is None:
        return "it holds bytes or values that YAML does not allow"
    return f"line {mark.line + 1}, column {mark.column + 1}: {' '.join(str(problem).split())}"


def _fault(problem: str, key: yaml.ScalarNode) -> yaml.constructor.ConstructorError:
    return yaml.constructor.ConstructorError(None, None, problem, key.start_mark)
