"""What the mock provider was asked and answered, to compare with what the gateway recorded."""

from collections import Counter
from dataclasses import asdict, dataclass, field
from typing import Any

ANSWERED = "answered"
CLIENT_LEFT = "client_left"


@dataclass(frozen=True)
class Usage:
    """What one answer costs: tokens (words) read and written, and rerank searches."""

    prompt_tokens: int = 0
    completion_tokens: int = 0
    searches: int = 0


@dataclass
class ModelCounts:
    """One model's requests by outcome, and the usage of those answered in full."""

    outcomes: Counter[str] = field(default_factory=Counter)
    usage: Counter[str] = field(default_factory=lambda: Counter(asdict(Usage())))

    def to_dict(self) -> dict[str, Any]:
        """As `GET /counts` shows it."""
        return {"requests": self.outcomes.total(), "outcomes": dict(self.outcomes), **self.usage}


class Counts:
    """Every model's counts since the start or the last reset, and lookups, which no provider charges for."""

    def __init__(self) -> None:
        self.models: dict[str, ModelCounts] = {}
        self.lookups: Counter[str] = Counter()

    def reset(self) -> None:
        """Reset all counts."""
        self.models.clear()
        self.lookups.clear()

    def add(self, model: str, outcome: str, usage: Usage = Usage()) -> None:
        """Count one request that ended: answered, the name of a fault, or its client left."""
        counted = self.models.setdefault(model, ModelCounts())
        counted.outcomes[outcome] += 1
        counted.usage.update(asdict(usage))

    def to_dict(self) -> dict[str, Any]:
        """The body of `GET /counts`."""
        total = ModelCounts()
        for counted in self.models.values():
            total.outcomes.update(counted.outcomes)
            total.usage.update(counted.usage)
        return {
            "total": total.to_dict(),
            "models": {model: counted.to_dict() for model, counted in sorted(self.models.items())},
            "lookups": dict(self.lookups),
        }
