"""The table that shows what became of each key of the old files."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby

from ops.adopt.draft import Draft, Kind, Outcome
from ops.adopt.old.yaml_file import KeyPath, written

LEGEND = "→ in the stack   = the gateway does it by itself   ✗ no counterpart"
UNKNOWN = Outcome(Kind.NONE, note="not understood")


def table(draft: Draft, keys: Mapping[str, Sequence[tuple[KeyPath, int]]]) -> str:
    """Return the table: all keys of all files, in the files' order; neighbours with one outcome share a row."""
    lines = [LEGEND]
    for file, found in keys.items():
        ordered = sorted(found, key=lambda key: key[1])
        lines += ["", f"{file}:", *_rows(draft, file, ordered)]
    counts = count(draft, keys)
    lines += [
        "",
        f"{sum(counts.values())} keys: " + ", ".join(f"{number} {kind.value}" for kind, number in counts.items()),
    ]
    return "\n".join(lines)


def count(draft: Draft, keys: Mapping[str, Sequence[tuple[KeyPath, int]]]) -> dict[Kind, int]:
    """Return how many keys had which outcome."""
    kinds = [outcome(draft, file, path).kind for file, found in keys.items() for path, _ in found]
    return {kind: kinds.count(kind) for kind in Kind}


def outcome(draft: Draft, file: str, path: KeyPath) -> Outcome:
    """Return what became of a key."""
    return draft.outcome_of(file, path) or UNKNOWN


def _rows(draft: Draft, file: str, keys: Sequence[tuple[KeyPath, int]]) -> Iterator[str]:
    def same(key: tuple[KeyPath, int]) -> tuple[KeyPath, Outcome]:
        return key[0][:-1], outcome(draft, file, key[0])

    for (parent, found), group in groupby(keys, key=same):
        members = list(group)
        line = members[0][1]
        names = [path[-1] for path, _ in members]
        name = written(members[0][0]) if len(members) == 1 else _together(parent, names)
        yield f"  {line:>4}  {name}  {found.kind.value} {found}"


def _together(parent: KeyPath, names: Sequence[str | int]) -> str:
    """Format neighbours: `ports[0-1]`, `litellm_params.{model, api_key}`."""
    if all(isinstance(name, int) for name in names):
        return f"{written(parent)}[{names[0]}-{names[-1]}]"
    inner = ", ".join(map(str, names))
    return f"{written(parent)}.{{{inner}}}" if parent else inner
