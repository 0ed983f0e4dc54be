"""The result of many timed requests: percentiles, a histogram, and failures by kind."""

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

PERCENTILES = {"p50": 0.50, "p90": 0.90, "p95": 0.95, "p99": 0.99, "max": 1.0}
BARS = 20


@dataclass(frozen=True)
class RequestTiming:
    """One request. Times are in seconds."""

    seconds: float
    """From sending it to the end of the answer."""
    first_chunk: float | None = None
    """To the first chunk of a streamed answer; None if it is not streamed or none came."""
    failure: str | None = None
    """What went wrong, in words that can be grouped; None if the answer is complete."""


@dataclass(frozen=True)
class HistogramBar:
    """The requests that took from `low` to below `high` seconds; the last bar includes `high`."""

    low: float
    high: float
    count: int


@dataclass(frozen=True)
class LoadResult:
    """The result of a load test."""

    requests: tuple[RequestTiming, ...]
    seconds: float
    """Duration of the whole test."""

    @property
    def answered(self) -> list[float]:
        """Sorted times of complete answers; failures are left out, as a quick refusal would look like a fast answer."""
        return sorted(request.seconds for request in self.requests if request.failure is None)

    @property
    def first_chunks(self) -> list[float]:
        """Sorted times to the first chunk of streamed answers."""
        return sorted(request.first_chunk for request in self.requests if request.first_chunk is not None)

    @property
    def failures(self) -> dict[str, int]:
        """Number of failures by kind, the most frequent first."""
        return dict(Counter(request.failure for request in self.requests if request.failure).most_common())

    @property
    def failed(self) -> int:
        """Number of requests without a complete answer."""
        return sum(self.failures.values())

    @property
    def rate(self) -> float:
        """Complete answers per second."""
        return len(self.answered) / self.seconds if self.seconds else 0.0

    @property
    def as_data(self) -> dict[str, Any]:
        """What `--json` prints."""
        return {
            "requests": len(self.requests),
            "failed": self.failed,
            "failures": self.failures,
            "seconds": round(self.seconds, 3),
            "answered_per_second": round(self.rate, 2),
            "latency_ms": _milliseconds(self.answered),
            "first_chunk_ms": _milliseconds(self.first_chunks),
        }


def percentiles(times: Sequence[float]) -> dict[str, float]:
    """Return nearest-rank percentiles of sorted times; empty for no times.

    Each one is a time that was measured; `statistics.quantiles` would interpolate between two of them.
    """
    if not times:
        return {}
    return {name: times[max(0, math.ceil(share * len(times)) - 1)] for name, share in PERCENTILES.items()}


def histogram(times: Sequence[float], bars: int = BARS) -> list[HistogramBar]:
    """Return sorted times as bars of equal width; one bar if all times are equal, none for no times."""
    if not times:
        return []
    low, high = times[0], times[-1]
    if low == high:
        return [HistogramBar(low, high, len(times))]
    width = (high - low) / bars
    counts = Counter(min(int((time - low) / width), bars - 1) for time in times)
    return [HistogramBar(low + bar * width, low + (bar + 1) * width, counts[bar]) for bar in range(bars)]


def _milliseconds(times: Sequence[float]) -> dict[str, float] | None:
    return {name: round(time * 1000, 1) for name, time in percentiles(times).items()} or None
