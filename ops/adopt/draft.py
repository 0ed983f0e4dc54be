"""The stack as it grows out of the old files, and what became of each of their keys."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from ops.adopt.old.yaml_file import KeyPath, written


@dataclass(frozen=True, order=True)
class Place:
    """A key of one of the old files."""

    file: str
    path: KeyPath = field(compare=False)
    line: int

    def __str__(self) -> str:
        """Return it as part of a sentence."""
        return f"{self.file} line {self.line}, {written(self.path)}"


class Kind(StrEnum):
    """What became of a key."""

    STACK = "→"
    """It is part of the stack."""
    GATEWAY = "="
    """The gateway does it by itself."""
    NONE = "✗"
    """It has no counterpart."""


@dataclass(frozen=True)
class Outcome:
    """What became of a key, in words. It never holds a value."""

    kind: Kind
    where: str = ""
    """The setting or file that has it."""
    note: str = ""
    """Why, or what else to know."""

    def __str__(self) -> str:
        """Return the words."""
        return "; ".join(part for part in (self.where, self.note) if part)


@dataclass
class Draft:
    """Settings, models and secrets of the new stack."""

    stack: str
    settings: dict[str, Any] = field(default_factory=dict)
    """Below `gateway:`."""
    models: dict[str, dict[str, Any]] = field(default_factory=dict)
    """Name of a file in the models' folder, without .yaml → its keys."""
    secrets: dict[str, str] = field(default_factory=dict, repr=False)
    """Path of an encrypted setting, such as provider_keys.OPENAI_API_KEY → its value."""
    files: dict[str, str] = field(default_factory=dict)
    """More files of the stack, relative to its folder → text."""
    outcomes: dict[tuple[str, KeyPath], Outcome] = field(default_factory=dict)
    """(file, key) → what became of it. An outcome of a key is that of all keys below it that have none."""
    sources: dict[str, Place] = field(default_factory=dict)
    """Setting, or FILE.yaml and key of a model → the key that it came from."""
    notes: list[str] = field(default_factory=list)
    """What else to know of the stack."""

    @property
    def folder(self) -> str:
        """Folder of the stack's own files, relative to the project."""
        return f"stacks/{self.stack}"

    def set(self, setting: str, value: Any, place: Place, note: str = "") -> None:
        """Give a setting a value; its path has dots."""
        *groups, name = setting.split(".")
        holder = self.settings
        for group in groups:
            holder = holder.setdefault(group, {})
        holder[name] = value
        self.sources[setting] = place
        self.outcome(place, Outcome(Kind.STACK, setting, note))

    def get(self, setting: str) -> Any:
        """Return a setting's value; None if it has none."""
        value: Any = self.settings
        for name in setting.split("."):
            value = value.get(name) if isinstance(value, Mapping) else None
        return value

    def secret(self, setting: str, value: str, place: Place, note: str = "encrypted") -> None:
        """Give an encrypted setting its value."""
        self.secrets[setting] = value
        self.sources[setting] = place
        self.outcome(place, Outcome(Kind.STACK, setting, note))

    def by_gateway(self, place: Place, note: str) -> None:
        """Record that the gateway does by itself what a key asked for."""
        self.outcome(place, Outcome(Kind.GATEWAY, note=note))

    def no_counterpart(self, place: Place, reason: str) -> None:
        """Record that a key has no counterpart."""
        self.outcome(place, Outcome(Kind.NONE, note=reason))

    def outcome(self, place: Place, outcome: Outcome) -> None:
        """Record what became of a key."""
        self.outcomes[place.file, place.path] = outcome

    def outcome_of(self, file: str, path: KeyPath) -> Outcome | None:
        """Return what became of a key: its own outcome, else that of the nearest key above it."""
        found = (self.outcomes.get((file, path[:end])) for end in range(len(path), -1, -1))
        return next((outcome for outcome in found if outcome), None)
