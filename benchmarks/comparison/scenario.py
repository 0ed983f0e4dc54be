"""A scenario: two sides, what is measured of each, and the rows that come of it."""

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Generic, TypeVar

from benchmarks.comparison.effort import Effort
from benchmarks.comparison.figures.metric import Metric
from benchmarks.comparison.figures.row import Round, Row, Values, row

Environment = TypeVar("Environment")

Measure = Callable[[str], Values]
"""Measures a side once. It gets the name under which it keeps each request."""


@dataclass(frozen=True)
class Sides:
    """How to measure each side."""

    a: Measure
    b: Measure


@dataclass(frozen=True)
class Group(Generic[Environment]):
    """Scenarios that share what is started for them, such as two gateways."""

    name: str
    open: Callable[[Effort], AbstractContextManager[Environment]]
    """Starts it, and removes it at the end."""


@dataclass(frozen=True)
class Scenario(Generic[Environment]):
    """One comparison, as data."""

    name: str
    text: str
    """The load, and what is measured."""
    a: str
    """What side a is."""
    b: str
    group: Group[Environment]
    open: Callable[[Environment, Effort], AbstractContextManager[Sides]]
    """Makes both sides ready."""
    metrics: tuple[Metric, ...]
    full_rounds: int = 5
    quick_rounds: int = 1
    skipped_rounds: int = 0
    """Of a full run, at its beginning: they warm up, and are in no figure."""

    series: bool = False
    """Whether the rounds are one series of the same processes: an interrupted one begins anew."""

    def count(self, effort: Effort) -> int:
        """Return how many rounds are measured."""
        return effort.of(self.full_rounds, self.quick_rounds)

    def file(self, folder: Path) -> Path:
        """Return where its rounds are kept, in a folder of all scenarios."""
        return folder / f"{self.name}.json"

    def rows(self, rounds: Sequence[Round], effort: Effort) -> list[Row]:
        """Return the rows of these rounds, without those that warm up."""
        counted = rounds[effort.of(self.skipped_rounds, 0) :]
        return [found for metric in self.metrics if (found := row(metric, counted))]
