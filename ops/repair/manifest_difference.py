"""How an object of a cluster differs from the manifest that the program wrote."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

EXACT = ("data", "limits", "matchLabels", "requests", "selector", "stringData")
"""Maps in which a key more is a difference too."""
LEFT_OUT = {
    "containers": (
        "hostIPC", "hostNetwork", "hostPID", "initContainers", "nodeName", "nodeSelector", "serviceAccount",
        "serviceAccountName", "volumes",
    ),
    "image": ("args", "command", "env", "envFrom"),
}  # fmt: skip
"""Key of a pod's or of a container's specification → keys beside it that the cluster never adds by itself."""


@dataclass(frozen=True)
class Difference:
    """One difference."""

    path: str
    """For people: objects of a list by their names."""
    pointer: str
    """Where it is in the object that was found, as JSON Patch has it (RFC 6901)."""
    wanted: Any
    found: Any

    @property
    def is_added(self) -> bool:
        """Whether the manifest has nothing of it."""
        return self.wanted is None


def differences(wanted: Any, found: Any, path: str = "", pointer: str = "") -> Iterator[Difference]:
    """Yield each difference, in the order of the object that was found. What the cluster adds by itself is none."""
    if isinstance(wanted, Mapping):
        there = found if isinstance(found, Mapping) else {}
        for key in (*wanted, *_added(wanted, there, path)):
            below = f"{path}.{key}".lstrip("."), f"{pointer}/{key.replace('~', '~0').replace('/', '~1')}"
            yield from differences(wanted.get(key), there.get(key), *below)
    elif isinstance(wanted, list) and wanted and all(isinstance(each, Mapping) and "name" in each for each in wanted):
        yield from _named(wanted, found if isinstance(found, list) else [], path, pointer)
    elif isinstance(wanted, list) and isinstance(found, list) and len(wanted) == len(found):
        for index, (before, after) in enumerate(zip(wanted, found, strict=True)):
            yield from differences(before, after, f"{path}[{index}]", f"{pointer}/{index}")
    # The cluster leaves out what is empty or false.
    elif (wanted or None) != (found or None):
        yield Difference(path, pointer, wanted, found)


def _added(wanted: Mapping[str, Any], found: Mapping[str, Any], path: str) -> list[str]:
    """Return the keys that somebody added to a map."""
    known = {key for beside, keys in LEFT_OUT.items() if beside in wanted for key in keys}
    more = found.keys() - wanted.keys()
    return sorted(more if path.rpartition(".")[2] in EXACT else more & known)


def _named(wanted: Sequence[Any], found: Sequence[Any], path: str, pointer: str) -> Iterator[Difference]:
    before = {str(each["name"]): each for each in wanted}
    after = {str(each.get("name")): (index, each) for index, each in enumerate(found)}
    for name, each in before.items():
        if name in after:
            index, other = after[name]
            yield from differences(each, other, f"{path}.{name}", f"{pointer}/{index}")
        else:
            yield Difference(f"{path}.{name}", pointer, each, None)
    for name, (index, each) in after.items():
        if name not in before:
            yield Difference(f"{path}.{name}", f"{pointer}/{index}", None, each)
