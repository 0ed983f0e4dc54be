"""What many timed requests add up to: percentiles, a histogram, and what failed."""

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

SHARES = {"p50": 0.50, "p90": 0.90, "p95": 0.95, "p99": 0.99, "max": 1.0}
BARS = 20


@dataclass(frozen=True)
class Sample:
    """One request. Times in seconds."""

    seconds: float
    """From its sending to the end of its answer."""
    first_chunk: float | None = None
    """To the first piece of a streamed answer; None: not streamed, or none came."""
    failure: str | None = None
    """What went wrong, in words that group; None: answered in full."""


@dataclass(frozen=True)
class Bar:
    """One bar of a histogram: the requests that took from `low` to below `high` seconds, the last bar `high` too."""

    low: float
    high: float
    count: int


@dataclass(frozen=True)
class Summary:
    """What a run came to."""

    samples: tuple[Sample, ...]
    seconds: float
    """Of the whole run."""

    @property
    def answered(self) -> list[float]:
        """Times of the requests that were answered in full, sorted: a refusal is quick and would flatter them."""
        return sorted(sample.seconds for sample in self.samples if sample.failure is None)

    @property
    def first_chunks(self) -> list[float]:
        """Times to the first piece of streamed answers, sorted."""
        return sorted(sample.first_chunk for sample in self.samples if sample.first_chunk is not None)

    @property
    def failures(self) -> dict[str, int]:
        """How often each kind of failure came, the most frequent first."""
        return dict(Counter(sample.failure for sample in self.samples if sample.failure).most_common())

    @property
    def failed(self) -> int:
        """Requests that were not answered in full."""
        return sum(self.failures.values())

    @property
    def rate(self) -> float:
        """Answered requests a second."""
        return len(self.answered) / self.seconds if self.seconds else 0.0

    @property
    def as_data(self) -> dict[str, Any]:
        """What `--json` prints of it. Times in milliseconds, but for the run's own in seconds."""
        return {
            "requests": len(self.samples),
            "failed": self.failed,
            "failures": self.failures,
            "seconds": round(self.seconds, 3),
            "answered_per_second": round(self.rate, 2),
            "latency_ms": _milliseconds(self.answered),
            "first_chunk_ms": _milliseconds(self.first_chunks),
        }


def percentiles(times: Sequence[float]) -> dict[str, float]:
    """Give the percentiles of sorted times, each one that was measured (nearest rank); none of no times."""
    return {name: times[max(0, math.ceil(share * len(times)) - 1)] for name, share in SHARES.items()} if times else {}


def histogram(times: Sequence[float], bars: int = BARS) -> list[Bar]:
    """Count sorted times in bars of one width; one bar where all times are the same, none of no times."""
    if not times:
        return []
    low, high = times[0], times[-1]
    if low == high:
        return [Bar(low, high, len(times))]
    width = (high - low) / bars
    places = Counter(min(int((time - low) / width), bars - 1) for time in times)
    return [Bar(low + place * width, low + (place + 1) * width, places[place]) for place in range(bars)]


def _milliseconds(times: Sequence[float]) -> dict[str, float] | None:
    return {name: round(time * 1000, 1) for name, time in percentiles(times).items()} or None
