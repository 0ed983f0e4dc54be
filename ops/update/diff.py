"""How the inputs of one resource differ, in words."""

from collections.abc import Iterable, Mapping
from difflib import unified_diff
from pathlib import PurePosixPath
from typing import Any

from components.engine.labels import ATTEMPT_LABEL, SCHEMA_LABEL
from components.engine.workload import SECRETS_FOLDER
from ops.update.manifest_leaves import Leaf, changed_leaves
from ops.update.operations import Inputs, Operation, OperationKind

UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9"
"""What Pulumi writes for a value that only the update itself makes."""
SECRET = "[secret]"  # noqa: S105 - what Pulumi writes for a secret
FILE_KEYS = frozenset({"uploads", "data", "stringData"})
"""Inputs with files: of a data container, a ConfigMap, a Secret."""
CONTEXT_LINES = 2
LABEL_MEANINGS = {SCHEMA_LABEL: "another image's schema", ATTEMPT_LABEL: "it failed the last time"}
OTHER_IMAGE = "another image"
WAITS = "a job runs before it"
"""Why a container is planned anew whose label only the job before it makes known."""
LONGEST_VALUE = 60
"""Characters of a value that are shown."""


def reasons(operation: Operation) -> list[str]:
    """Return what differs, one phrase for each input.

    That a job runs before is said when nothing else differs. That another image has another schema goes without saying.
    """
    phrases = [
        phrase for key in operation.keys for phrase in _phrases(key, operation.old.get(key), operation.new.get(key))
    ]
    implied = {WAITS, LABEL_MEANINGS[SCHEMA_LABEL]} if OTHER_IMAGE in phrases else {WAITS}
    return [phrase for phrase in phrases if phrase not in implied] or phrases


def changed_file_names(operation: Operation) -> list[str]:
    """Return the names of the files that a data container changes; none if it is replaced for another reason."""
    if operation.kind is OperationKind.REPLACED and not FILE_KEYS.intersection(operation.keys):
        return []
    old, new = files(operation.old), files(operation.new)
    if old is None or new is None:
        return ["secrets"]
    return [PurePosixPath(path).name for path in sorted(old | new) if old.get(path) != new.get(path)]


def changed_file_lines(operation: Operation) -> dict[str, list[str]]:
    """Return the changed lines of each file of a data container by its path; files with secrets are left out."""
    old, new = files(operation.old) or {}, files(operation.new) or {}
    public = [path for path in sorted(old | new) if not path.startswith(SECRETS_FOLDER)]
    compared = {path: line_difference(old.get(path, ""), new.get(path, "")) for path in public}
    return {path: lines for path, lines in compared.items() if lines}


def files(inputs: Inputs) -> dict[str, str] | None:
    """Return a data container's files by path, or a ConfigMap's by key; None if they are secret."""
    if "stringData" in inputs:
        return None
    if "data" in inputs:
        return {str(key): str(text) for key, text in inputs["data"].items()}
    uploads = inputs.get("uploads") or []
    if not isinstance(uploads, list):
        return None
    return {str(upload["file"]): str(upload.get("content") or "") for upload in uploads}


def line_difference(old: str, new: str) -> list[str]:
    """Return the lines that differ between two texts, as a patch without its heading."""
    return list(unified_diff(old.splitlines(), new.splitlines(), n=CONTEXT_LINES, lineterm=""))[2:]


def shown(value: Any) -> str:
    """Return a value as it is shown: short, and without secrets."""
    if value == UNKNOWN:
        return "…"
    if is_secret(value):
        return SECRET
    text = "nothing" if value in (None, "", [], {}) else str(value)
    return text if len(text) <= LONGEST_VALUE else f"{text[: LONGEST_VALUE - 1]}…"


def is_secret(value: Any) -> bool:
    """Return whether Pulumi masked a secret here."""
    return value == SECRET or (isinstance(value, Mapping) and SECRET in value.values())


def _phrases(key: str, old: Any, new: Any) -> list[str]:
    if key in ("spec", "metadata"):
        return list(dict.fromkeys(_leaf_phrase(leaf) for leaf in changed_leaves(old, new)))
    if key in ("uploads", "volumes"):
        return ["its files"] if _carries_files(old) or _carries_files(new) else ["volumes"]
    if key == "image":
        return [OTHER_IMAGE]
    if is_secret(old) or is_secret(new):
        return [f"{key} (secret)"]
    if key == "envs":
        return _pairs(_variables(old), _variables(new))
    if key == "labels":
        after = _labels(new)
        return [
            WAITS if after.get(name) == UNKNOWN else LABEL_MEANINGS.get(name, phrase)
            for name, phrase in _named_pairs(_labels(old), after)
        ]
    if isinstance(old, list) and isinstance(new, list) and all(isinstance(each, str) for each in old + new):
        return [f"{key}: {_items(old, new)}"]
    if isinstance(old, Mapping) and isinstance(new, Mapping):
        return [f"{key} {phrase}" for phrase in _pairs(_without_internals(old), _without_internals(new))]
    if isinstance(old, list) or isinstance(new, list):
        return [key]
    return [f"{key} {shown(old)} → {shown(new)}"]


def _leaf_phrase(leaf: Leaf) -> str:
    """Return what differs in a manifest of a cluster."""
    *_, parent, key = ("", *leaf.path)
    if {"configMap", "secret"}.intersection(leaf.path):
        return "its files"
    if key == "image":
        return OTHER_IMAGE
    if key in LABEL_MEANINGS:
        return LABEL_MEANINGS[key]
    name = parent if key == "value" else key
    return f"{name} {shown(leaf.old)} → {shown(leaf.new)}"


def _carries_files(value: Any) -> bool:
    """Return whether a value is `uploads`, or `volumes` that hold files; a secret one is not a list."""
    return not isinstance(value, list) or any("file" in each or each.get("readOnly") for each in value)


def _pairs(old: Mapping[str, Any], new: Mapping[str, Any]) -> list[str]:
    return [phrase for _, phrase in _named_pairs(old, new)]


def _named_pairs(old: Mapping[str, Any], new: Mapping[str, Any]) -> list[tuple[str, str]]:
    return [
        (name, f"{name} {shown(old.get(name))} → {shown(new.get(name))}")
        for name in sorted(old.keys() | new.keys())
        if old.get(name) != new.get(name)
    ]


def _items(old: Iterable[str], new: Iterable[str]) -> str:
    before, after = list(old), list(new)
    removed = [shown(each) for each in before if each not in after]
    added = [shown(each) for each in after if each not in before]
    return f"{', '.join(removed) or 'nothing'} → {', '.join(added) or 'nothing'}"


def _variables(entries: Any) -> dict[str, str]:
    return dict(str(each).partition("=")[::2] for each in entries or [])


def _labels(labels: Any) -> dict[str, str]:
    return {str(each["label"]): str(each["value"]) for each in labels or []}


def _without_internals(value: Mapping[str, Any]) -> dict[str, Any]:
    return {key: inner for key, inner in value.items() if not key.startswith("__")}
