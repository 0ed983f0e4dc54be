"""Where two manifests of a cluster differ, down to single values."""

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple


class Leaf(NamedTuple):
    """One value that differs."""

    path: tuple[str, ...]
    """Keys that lead to it; of a list's items their names."""
    old: Any
    new: Any


def changed_leaves(old: Any, new: Any, path: tuple[str, ...] = ()) -> Iterator[Leaf]:
    """Yield the values that differ. A list whose items have names is compared by them."""
    before, after = _by_key(old), _by_key(new)
    if before is None or after is None:
        if old != new:
            yield Leaf(path, old, new)
        return
    for key in dict.fromkeys((*before, *after)):
        if not key.startswith("__"):
            yield from changed_leaves(before.get(key), after.get(key), (*path, key))


def _by_key(value: Any) -> Mapping[str, Any] | None:
    if isinstance(value, Mapping):
        return value
    if isinstance(value, list) and value and all(isinstance(each, Mapping) and "name" in each for each in value):
        return {str(each["name"]): each for each in value}
    return None
