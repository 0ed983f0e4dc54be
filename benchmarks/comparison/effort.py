"""How much a run measures."""

from enum import Enum
from typing import TypeVar

T = TypeVar("T")


class Effort(Enum):
    """How many rounds there are, and how long each lasts."""

    FULL = "full"
    """Enough for an interval: the figures of the report."""
    QUICK = "quick"
    """A round, in minutes: it shows that the benchmark works, and its figures say little."""

    def of(self, full: T, quick: T) -> T:
        """Return what this effort takes."""
        return full if self is Effort.FULL else quick
