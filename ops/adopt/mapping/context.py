"""What every rule of the mapping works with."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from components.releases.release import Release
from ops.adopt.draft import Draft, Place
from ops.adopt.mapping.secret_values import SecretNames
from ops.adopt.old.variables import Variables


@dataclass(frozen=True)
class Context:
    """The draft, and what the old files hold beside the key in question."""

    draft: Draft
    variables: Variables
    names: SecretNames
    release: Release
    models: Mapping[str, str]
    """Name of a model → its file, without .yaml."""
    config: Mapping[str, Any]
    """All of the old config.yaml."""

    def gives(self, section: str, key: str) -> bool:
        """Return whether the old config.yaml has a key."""
        values = self.config.get(section)
        return isinstance(values, Mapping) and key in values


class Rule:
    """What becomes of one key."""

    def apply(self, context: Context, place: Place, value: Any) -> None:
        """Change the draft, and record the outcome."""
        raise NotImplementedError


@dataclass(frozen=True)
class Setting(Rule):
    """The key is a setting of the stack."""

    setting: str
    note: str = ""

    def apply(self, context: Context, place: Place, value: Any) -> None:
        """Give the setting the value; a reference to the environment is replaced by what it stands for."""
        context.draft.set(self.setting, context.variables.resolve(value), place, self.note)


@dataclass(frozen=True)
class ByGateway(Rule):
    """The gateway does it by itself."""

    note: str

    def apply(self, context: Context, place: Place, value: Any) -> None:  # noqa: ARG002 - the form of a rule
        """Record the outcome."""
        context.draft.by_gateway(place, self.note)


@dataclass(frozen=True)
class NoCounterpart(Rule):
    """The key has no counterpart."""

    reason: str

    def apply(self, context: Context, place: Place, value: Any) -> None:  # noqa: ARG002 - the form of a rule
        """Record the outcome."""
        context.draft.no_counterpart(place, self.reason)
