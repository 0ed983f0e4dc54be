"""The table that shows what became of each key of the old files."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby

from ops.adopt.draft import Draft, Kind, Outcome
from ops.adopt.old.yaml_file import KeyPath, written

LEGEND = "→ in the stack   = the gateway does it by itself   ✗ no counterpart"
MODELS = "model_list"
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
    def same(key: tuple[KeyPath, int]) -> tuple[KeyPath, Kind, str, str]:
        found = outcome(draft, file, key[0])
        if key[0][0] == MODELS:
            # One model is one row, whatever there is to say of each of its keys.
            return key[0][:2], found.kind, found.where, ""
        return key[0][:-1], found.kind, found.where, found.note

    for (parent, kind, where, _), group in groupby(keys, key=same):
        members = list(group)
        paths = [path for path, _ in members]
        name = written(paths[0]) if len(paths) == 1 else _together(parent, [path[len(parent) :] for path in paths])
        notes = dict.fromkeys(_note(path, outcome(draft, file, path).note, len(paths)) for path in paths)
        shown = "; ".join(part for part in (where, *notes) if part)
        yield f"  {members[0][1]:>4}  {name}  {kind.value} {shown}"


def _note(path: KeyPath, note: str, neighbours: int) -> str:
    """Return a note, with the key that it is of where a row has several."""
    return f"{path[-1]}: {note}" if note and neighbours > 1 and path[0] == MODELS else note


def _together(parent: KeyPath, rests: Sequence[KeyPath]) -> str:
    """Format neighbours: `ports[0-1]`, `litellm_params.{model, api_key}`."""
    if all(len(rest) == 1 and isinstance(rest[0], int) for rest in rests):
        return f"{written(parent)}[{rests[0][0]}-{rests[-1][0]}]"
    inner = ", ".join(written(rest) for rest in rests)
    return f"{written(parent)}.{{{inner}}}" if parent else inner
