"""One row of bench.json: both sides, their ratio, its interval, and the goal."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Self

from benchmarks.comparison.figures import statistics
from benchmarks.comparison.figures.metric import Metric, Subject

Values = Mapping[str, float]
"""What one measurement of one side gave, by key."""
DIGITS = 4
"""Significant ones in the report."""


@dataclass(frozen=True)
class Round:
    """Both sides, measured one after the other."""

    a: Values
    b: Values


@dataclass(frozen=True)
class Row:
    """One figure of the report."""

    name: str
    a: float
    b: float
    ratio: float | None
    """a / b; None where b is 0, and for slopes."""
    low: float | None
    """95 % interval of what the goal is about: the ratio, or side a itself. None: too few rounds."""
    high: float | None
    goal: str | None
    """None: the figure has no goal."""
    ok: bool | None
    """Whether the goal holds for the whole interval; None without a goal."""

    @classmethod
    def read(cls, document: Mapping[str, Any]) -> Self:
        """Return the row that `to_dict` gave."""
        return cls(**document)

    def to_dict(self) -> dict[str, Any]:
        """Return the row as bench.json has it."""
        return asdict(self)


def row(metric: Metric, rounds: Sequence[Round]) -> Row | None:
    """Return the figure of these rounds; None when one of them lacks it."""
    if not rounds or any(metric.key not in side for each in rounds for side in (each.a, each.b)):
        return None
    a, b = [each.a[metric.key] for each in rounds], [each.b[metric.key] for each in rounds]
    ratio = statistics.ratio(a, b)
    estimate, ends = ratio, (statistics.typical(a), statistics.typical(b))
    if metric.about is Subject.VALUE:
        estimate = statistics.mean(a)
        ends = estimate.value, statistics.mean(b).value
        ratio = statistics.Estimate(ends[0] / ends[1]) if ends[1] else None
    elif metric.about is Subject.TOTAL:
        ends = sum(a), sum(b)
    elif metric.about is Subject.SLOPE:
        assert metric.over, f"{metric.name}: a slope is taken over something"
        done = [[side[metric.over] / metric.per for side in sides] for sides in _sides(rounds)]
        growth = [statistics.slope(x, y) for x, y in zip(done, (a, b), strict=True)]
        estimate, ends, ratio = growth[0], (growth[0].value, growth[1].value), None
    return Row(
        name=metric.name,
        a=rounded(ends[0]),
        b=rounded(ends[1]),
        ratio=rounded(ratio.value) if ratio else None,
        low=rounded(estimate.low) if estimate and estimate.low is not None else None,
        high=rounded(estimate.high) if estimate and estimate.high is not None else None,
        goal=metric.goal.text if metric.goal else None,
        ok=metric.goal.met(estimate) if metric.goal else None,
    )


def _sides(rounds: Sequence[Round]) -> tuple[list[Values], list[Values]]:
    return [each.a for each in rounds], [each.b for each in rounds]


def rounded(value: float) -> float:
    """Return the value with the digits that the report shows."""
    return float(f"{value:.{DIGITS}g}")
