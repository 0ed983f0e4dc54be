"""Callbacks: Prometheus is a part of the gateway, Slack needs a webhook, all others stay as they are."""

from dataclasses import dataclass
from typing import Any

from ops.adopt.draft import Kind, Outcome, Place
from ops.adopt.mapping.context import Context, Rule

PROMETHEUS, SLACK = "prometheus", "slack"


@dataclass(frozen=True)
class Callbacks(Rule):
    """A list of names."""

    setting: str

    def apply(self, context: Context, place: Place, value: Any) -> None:
        """Keep all names but Prometheus's, and Slack's where there is no webhook."""
        names = [str(name) for name in (value if isinstance(value, list) else [value] if value else [])]
        notes: list[str] = []
        if PROMETHEUS in names:
            context.draft.set("monitoring.enabled", value=True, place=place)
            notes.append("prometheus is monitoring.enabled")
        if SLACK in names and not context.variables.get("SLACK_WEBHOOK_URL"):
            notes.append("slack is left out: the old files hold no SLACK_WEBHOOK_URL")
            names.remove(SLACK)
        kept = [name for name in names if name != PROMETHEUS]
        if kept:
            context.draft.set(self.setting, kept, place, "; ".join(notes))
        elif PROMETHEUS in names:
            context.draft.outcome(place, Outcome(Kind.STACK, "monitoring.enabled"))
        else:
            context.draft.no_counterpart(place, "; ".join(notes) or "is empty")


class Alerting(Rule):
    """Where alerts go."""

    def apply(self, context: Context, place: Place, value: Any) -> None:
        """Keep Slack's; it needs the webhook alone."""
        others = [str(name) for name in value or () if name != SLACK] if isinstance(value, list) else []
        lost = f"; {', '.join(others)}: the gateway alerts by Slack only" if others else ""
        if isinstance(value, list) and SLACK in value and context.variables.get("SLACK_WEBHOOK_URL"):
            context.draft.outcome(place, Outcome(Kind.STACK, "slack_webhook_url", f"alerts go to Slack{lost}"))
        elif isinstance(value, list) and SLACK in value:
            cure = "set it, and alerts go to Slack: `pulumi config set --secret gateway:slack_webhook_url`"
            context.draft.no_counterpart(place, f"the old files hold no SLACK_WEBHOOK_URL; {cure}{lost}")
        else:
            context.draft.no_counterpart(place, lost.removeprefix("; ") or "is empty")
