"""LiteLLM's policies by error: retries, and failures that are allowed."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from ops.adopt.draft import Kind, Outcome, Place
from ops.adopt.mapping.context import Context, Rule

ERRORS = {
    "BadRequestError": "bad_request",
    "AuthenticationError": "authentication",
    "TimeoutError": "timeout",
    "RateLimitError": "rate_limit",
    "ContentPolicyViolationError": "content_policy",
    "InternalServerError": "internal_server",
}
"""How LiteLLM's keys begin → the name of the setting."""


@dataclass(frozen=True)
class Policy(Rule):
    """A group of settings, one for each error."""

    setting: str
    ending: str
    """How LiteLLM's keys end: Retries or AllowedFails."""
    known: tuple[str, ...]
    """Names of the settings that the group has."""

    def apply(self, context: Context, place: Place, value: Any) -> None:
        """Give each setting its number. Errors that are not named keep the gateway's own numbers."""
        if value is None:
            context.draft.set(self.setting, None, place)
            return
        for key, count in value.items() if isinstance(value, Mapping) else ():
            inner = replace(place, path=(*place.path, key))
            name = ERRORS.get(str(key).removesuffix(self.ending), "")
            if name in self.known:
                context.draft.set(f"{self.setting}.{name}", count, inner)
            else:
                context.draft.no_counterpart(inner, f"{self.setting} has no number for this error")
        if context.draft.get(self.setting) is None:
            context.draft.outcome(place, Outcome(Kind.NONE, note="names no error"))


RETRIES = Policy(
    "litellm.config.retry_policy",
    "Retries",
    ("authentication", "timeout", "rate_limit", "content_policy", "internal_server"),
)
ALLOWED_FAILS = Policy(
    "litellm.config.allowed_fails_policy",
    "AllowedFails",
    ("bad_request", "authentication", "timeout", "rate_limit", "internal_server"),
)


@dataclass(frozen=True)
class Unless(Rule):
    """A number for all errors, which a policy of the gateway would replace: without an old policy there is none."""

    setting: str
    policy: str
    key: str
    """Of the policy in router_settings."""

    def apply(self, context: Context, place: Place, value: Any) -> None:
        """Give the number; leave the policy out if the old configuration has none."""
        context.draft.set(self.setting, context.variables.resolve(value), place)
        if not context.gives("router_settings", self.key):
            context.draft.set(self.policy, None, place)
            context.draft.set(
                self.setting, context.draft.get(self.setting), place, f"for all errors: {self.policy} is null"
            )


NUM_RETRIES = Unless("litellm.config.num_retries", RETRIES.setting, "retry_policy")
FAILS = Unless("litellm.config.allowed_fails", ALLOWED_FAILS.setting, "allowed_fails_policy")
