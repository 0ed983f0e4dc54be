"""In what the inputs of one resource differ, in words."""

from collections.abc import Iterable, Mapping
from difflib import unified_diff
from pathlib import PurePosixPath
from typing import Any

from components.engine.labels import ATTEMPT_LABEL, SCHEMA_LABEL
from components.engine.workload import SECRETS_FOLDER
from ops.update.operations import Change, Inputs

UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9"
"""Pulumi's word for a value that the update itself makes."""
SECRET = "[secret]"  # noqa: S105 - Pulumi's word in place of one
CONTEXT_LINES = 2
LABEL_MEANINGS = {SCHEMA_LABEL: "another image's schema", ATTEMPT_LABEL: "it failed the last time"}
LONGEST = 60
"""Characters of a value that is shown; what is longer says only that it differs."""


def reasons(change: Change) -> list[str]:
    """Say what differs, one phrase an input."""
    return [reason for key in change.keys for reason in _phrases(key, change.old.get(key), change.new.get(key))]


def file_names(change: Change) -> list[str]:
    """Name the files that a carrier brings anew."""
    old, new = files(change.old), files(change.new)
    if old is None or new is None:
        return ["secrets"]
    return [PurePosixPath(path).name for path in sorted(old | new) if old.get(path) != new.get(path)]


def file_lines(change: Change) -> dict[str, list[str]]:
    """Give the changed lines of each file that a carrier brings, by its path; none of a file that holds secrets."""
    old, new = files(change.old) or {}, files(change.new) or {}
    open_paths = [path for path in sorted(old | new) if not path.startswith(SECRETS_FOLDER)]
    return {
        path: lines for path in open_paths
        if (lines := line_difference(old.get(path, ""), new.get(path, "")))
    }  # fmt: skip


def files(inputs: Inputs) -> dict[str, str] | None:
    """Give a carrier's files by path; None where they are secret."""
    uploads = inputs.get("uploads") or []
    if not isinstance(uploads, list):
        return None
    return {str(upload["file"]): str(upload.get("content") or "") for upload in uploads}


def line_difference(old: str, new: str) -> list[str]:
    """Compare two texts line by line, without the heading of a patch."""
    return list(unified_diff(old.splitlines(), new.splitlines(), n=CONTEXT_LINES, lineterm=""))[2:]


def shown(value: Any) -> str:
    """Write a value for reading."""
    if value == UNKNOWN:
        return "…"
    if is_secret(value):
        return SECRET
    text = "nothing" if value in (None, "", [], {}) else str(value)
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 1]}…"


def is_secret(value: Any) -> bool:
    """Tell whether Pulumi put its word in the place of a secret."""
    return value == SECRET or (isinstance(value, Mapping) and SECRET in value.values())


def _phrases(key: str, old: Any, new: Any) -> list[str]:
    if key in ("uploads", "volumes"):
        return ["its files"] if _carried(old) or _carried(new) else ["volumes"]
    if key == "image":
        return ["another image"]
    if is_secret(old) or is_secret(new):
        return [f"{key} (secret)"]
    if key == "envs":
        return _paired(_by_name(old), _by_name(new))
    if key == "labels":
        return [LABEL_MEANINGS.get(phrase.split()[0], phrase) for phrase in _paired(_labels(old), _labels(new))]
    if isinstance(old, list) and isinstance(new, list) and all(isinstance(each, str) for each in old + new):
        return [f"{key}: {_items(old, new)}"]
    if isinstance(old, Mapping) and isinstance(new, Mapping):
        return [f"{key} {phrase}" for phrase in _paired(_plain(old), _plain(new))]
    if isinstance(old, list) or isinstance(new, list):
        return [key]
    return [f"{key} {shown(old)} → {shown(new)}"]


def _carried(value: Any) -> bool:
    """Tell whether a container's `uploads`, or `volumes` of a carrier, are meant; secret ones count."""
    return not isinstance(value, list) or any("fromContainer" in each or "file" in each for each in value)


def _paired(old: Mapping[str, Any], new: Mapping[str, Any]) -> list[str]:
    return [
        f"{name} {shown(old.get(name))} → {shown(new.get(name))}"
        for name in sorted(old.keys() | new.keys())
        if old.get(name) != new.get(name)
    ]


def _items(old: Iterable[str], new: Iterable[str]) -> str:
    before, after = list(old), list(new)
    gone = [shown(each) for each in before if each not in after]
    come = [shown(each) for each in after if each not in before]
    return f"{', '.join(gone) or 'nothing'} → {', '.join(come) or 'nothing'}"


def _by_name(variables: Any) -> dict[str, str]:
    return dict(str(each).partition("=")[::2] for each in variables or [])


def _labels(labels: Any) -> dict[str, str]:
    return {str(each["label"]): str(each["value"]) for each in labels or []}


def _plain(value: Mapping[str, Any]) -> dict[str, Any]:
    return {key: inner for key, inner in value.items() if not key.startswith("__")}
