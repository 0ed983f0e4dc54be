"""One entry of a stack's history, numbered."""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from pulumi.automation import UpdateSummary

from ops.errors import OperationError

BY = re.compile(r"^By: (.+)$", flags=re.MULTILINE)
"""The line of a message that says who ran the update: Pulumi does not note it outside its own cloud."""
PULUMI_S_OWN = "pulumi:"
"""Keys of Pulumi's own; they are no settings."""


@dataclass(frozen=True)
class Version:
    """What one update, refresh or destruction left."""

    number: int
    """From 1, the oldest; failed ones count. Pulumi's own where its backend gives numbers."""
    kind: str
    """`update`, `refresh`, `destroy`, …"""
    result: str
    """`succeeded`, `failed` or `in-progress`."""
    started: datetime
    ended: datetime | None
    message: str
    who: str | None
    commit: str | None
    dirty: bool
    """Whether files were not as committed."""
    config: Mapping[str, str] = field(repr=False)
    """Full keys to texts, JSON where structured; secrets are in it."""
    secret_keys: frozenset[str]
    changes: Mapping[str, int]
    """How many resources were created, replaced, …"""

    @property
    def is_good(self) -> bool:
        """Whether the stack was made so: what can be gone back to."""
        return self.kind == "update" and self.result == "succeeded"

    def settings(self) -> dict[str, str]:
        """Give each single setting by its path, e.g. `gateway:litellm.replicas`; those of secrets as they are."""
        return {
            path: text
            for key, value in self.config.items()
            for path, text in flat(key, _value(value)).items()
            if not key.startswith(PULUMI_S_OWN)
        }

    def is_secret(self, path: str) -> bool:
        """Tell whether a setting's value must not be shown."""
        return any(path == key or path.startswith(f"{key}.") for key in self.secret_keys)


def versions(history: Sequence[UpdateSummary]) -> list[Version]:
    """Number a history that comes newest first; the oldest version comes first."""
    return [_version(number, entry) for number, entry in enumerate(reversed(history), start=1)]


def find(numbered: Sequence[Version], number: int) -> Version:
    """Find a version by its number.

    Raises:
        OperationError: when there is none.
    """
    found = next((version for version in numbered if version.number == number), None)
    if not found:
        known = f"{numbered[0].number} to {numbered[-1].number}" if numbered else "none yet"
        raise OperationError(f"there is no version {number}; versions are {known}")
    return found


def setting_changes(before: Version | None, after: Version) -> list[str]:
    """Say which settings differ between two versions; secrets without their values."""
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


def with_who(message: str, who: str) -> str:
    """Add to a message who runs the update."""
    return f"{message}\n\nBy: {who}"


def _version(number: int, entry: UpdateSummary) -> Version:
    said = BY.search(entry.message)
    return Version(
        number=entry.version or number,
        kind=str(entry.kind),
        result=str(entry.result),
        started=entry.start_time.replace(tzinfo=UTC),
        ended=entry.end_time.replace(tzinfo=UTC) if entry.end_time else None,
        message=BY.sub("", entry.message).strip(),
        who=said[1] if said else None,
        commit=entry.environment.get("git.head"),
        dirty=entry.environment.get("git.dirty") == "true",
        config={key: str(value.value) for key, value in entry.config.items()},
        secret_keys=frozenset(key for key, value in entry.config.items() if value.secret),
        changes={str(getattr(kind, "value", kind)): count for kind, count in (entry.resource_changes or {}).items()},
    )


def _value(text: str) -> Any:
    try:
        return json.loads(text)
    except json.JSONDecodeError:
        return text


def flat(path: str, value: Any) -> dict[str, str]:
    """Give each single value below a setting by its path; lists are one value."""
    if isinstance(value, dict) and value:
        return {deeper: text for key, inner in value.items() for deeper, text in flat(f"{path}.{key}", inner).items()}
    return {path: value if isinstance(value, str) else json.dumps(value)}
