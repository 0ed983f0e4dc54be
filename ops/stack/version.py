"""One numbered version of a stack: an entry of its history."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import count

from pulumi.automation import Stack, UpdateSummary

from components.stack.read import json_or_text
from ops.errors import OperationError
from ops.stack.config_file import flatten
from ops.stack.update_message import split_author

PULUMI_PREFIX = "pulumi:"
"""Keys with it are Pulumi's own, not settings."""
PAGE_SIZE = 1000
"""Entries of one request for the history."""


@dataclass(frozen=True)
class StackVersion:
    """What one update, refresh or destroy left behind."""

    number: int
    """From 1, the oldest; failed ones count. Pulumi's own number where its backend has one."""
    kind: str
    """`update`, `refresh`, `destroy`, …"""
    result: str
    """`succeeded`, `failed` or `in-progress`."""
    started: datetime
    ended: datetime | None
    message: str
    author: str | None
    commit: str | None
    dirty: bool
    """Whether files differed from the commit."""
    config: Mapping[str, str] = field(repr=False)
    """Full key → text, JSON if structured; secrets are among them."""
    secret_keys: frozenset[str]
    changes: Mapping[str, int]
    """Number of resources that were created, replaced, …"""

    @property
    def is_deployed(self) -> bool:
        """Whether it is an update that succeeded: only those can be rolled back to."""
        return self.kind == "update" and self.result == "succeeded"

    def settings(self) -> dict[str, str]:
        """Return each single setting by its path, e.g. `gateway:litellm.replicas`, secrets included."""
        return {
            path: text
            for key, value in self.config.items()
            for path, text in flatten(key, json_or_text(value)).items()
            if not key.startswith(PULUMI_PREFIX)
        }

    def is_secret(self, path: str) -> bool:
        """Return whether a setting's value must not be shown."""
        return any(path == key or path.startswith(f"{key}.") for key in self.secret_keys)


def read_versions(stack: Stack, *, show_secrets: bool = True) -> list[StackVersion]:
    """Return all versions of a stack, the oldest first; without secrets, changes of them are not seen."""
    entries: list[UpdateSummary] = []
    # Without a size Pulumi returns the newest ten, and numbers would begin at the wrong one.
    for page in count(1):
        entries += (found := stack.history(page_size=PAGE_SIZE, page=page, show_secrets=show_secrets))
        if len(found) < PAGE_SIZE:
            break
    return number_versions(entries)


def number_versions(history: Sequence[UpdateSummary]) -> list[StackVersion]:
    """Return the entries of a history as versions, the oldest first; Pulumi lists the newest first."""
    return [_version(number, entry) for number, entry in enumerate(reversed(history), start=1)]


def find_version(versions: Sequence[StackVersion], number: int) -> StackVersion:
    """Return the version with this number.

    Raises:
        OperationError: if there is none.
    """
    found = next((version for version in versions if version.number == number), None)
    if not found:
        known = f"{versions[0].number} to {versions[-1].number}" if versions else "none yet"
        raise OperationError(f"there is no version {number}; versions are {known}")
    return found


def setting_changes(before: StackVersion | None, after: StackVersion) -> list[str]:
    """Return one phrase for each setting that differs between two versions; secrets without their values."""
    if before is None:
        return []
    old, new = before.settings(), after.settings()
    return [
        f"{path} (secret)"
        if before.is_secret(path) or after.is_secret(path)
        else f"{path} {old.get(path, 'unset')} → {new.get(path, 'unset')}"
        for path in sorted(old | new)
        if old.get(path) != new.get(path)
    ]


def _version(number: int, entry: UpdateSummary) -> StackVersion:
    message, author = split_author(entry.message)
    return StackVersion(
        number=entry.version or number,
        kind=str(entry.kind),
        result=str(entry.result),
        started=entry.start_time.replace(tzinfo=UTC),
        ended=entry.end_time.replace(tzinfo=UTC) if entry.end_time else None,
        message=message,
        author=author,
        commit=entry.environment.get("git.head"),
        dirty=entry.environment.get("git.dirty") == "true",
        config={key: str(value.value) for key, value in entry.config.items()},
        secret_keys=frozenset(key for key, value in entry.config.items() if value.secret),
        changes={str(getattr(kind, "value", kind)): number for kind, number in (entry.resource_changes or {}).items()},
    )
