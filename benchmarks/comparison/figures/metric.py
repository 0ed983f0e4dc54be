"""What a scenario measures, and when it is good."""

from dataclasses import dataclass
from enum import Enum

from benchmarks.comparison.figures.statistics import Estimate


class Subject(Enum):
    """What a goal is about, and whose interval is given."""

    RATIO = "a / b"
    VALUE = "a"
    """The rounds' mean of side a."""
    TOTAL = "a / b of a round"
    """The ratio again; both sides are given as sums of the rounds."""
    SLOPE = "slope of a"
    """How a grows with what side a has done so far."""


@dataclass(frozen=True)
class Goal:
    """When a figure is good. It holds when the whole interval is on the good side."""

    subject: Subject = Subject.RATIO
    at_most: float | None = None
    at_least: float | None = None
    below: float | None = None
    holds_zero: bool = False
    """The interval has to hold 0."""

    @property
    def text(self) -> str:
        """The goal in a few signs, such as `a / b ≤ 0.5`."""
        name = self.subject.value
        limits = (("≤", self.at_most), ("≥", self.at_least), ("<", self.below))
        limit = " and ".join(f"{sign} {limit:g}" for sign, limit in limits if limit is not None)
        if self.holds_zero:
            return f"0 in the interval of the {name}{limit and f', which is {limit}'}"
        return f"{name} {limit}"

    def met(self, estimate: Estimate | None) -> bool:
        """Return whether the whole interval is good; without one nothing is shown."""
        if estimate is None or estimate.low is None or estimate.high is None:
            return False
        return (
            (not self.holds_zero or estimate.low <= 0 <= estimate.high)
            and (self.at_most is None or estimate.high <= self.at_most)
            and (self.at_least is None or estimate.low >= self.at_least)
            and (self.below is None or estimate.high < self.below)
        )


@dataclass(frozen=True)
class Metric:
    """One row of the report."""

    key: str
    """Its key in a measurement."""
    name: str
    """What it is, with its unit. No two rows have the same."""
    goal: Goal | None = None
    subject: Subject = Subject.RATIO
    """Whose interval is given where there is no goal."""
    over: str | None = None
    """For a slope: key of what it is taken over."""
    per: float = 1
    """For a slope: it is given per so many of `over`."""
    headline: bool = False
    """Whether the README shows it."""

    @property
    def about(self) -> Subject:
        """Whose interval is given."""
        return self.goal.subject if self.goal else self.subject
