"""How busy the machine's processors are while something runs."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

STAT = Path("/proc/stat")
IDLE, WAITING, GUEST = 3, 4, 8
"""Fields of the line `cpu` (proc(5)). From GUEST on, they are in the others already."""


@dataclass
class Busy:
    """The share of all processors that was busy; known at the end."""

    share: float = 0


def times(statistics: str) -> tuple[int, int]:
    """Return all of the processors' time so far, and how much of it was idle, by the text of /proc/stat."""
    values = [int(word) for word in statistics.splitlines()[0].split()[1:]][:GUEST]
    return sum(values), values[IDLE] + values[WAITING]


@contextmanager
def busy_share() -> Iterator[Busy]:
    """Measure while the body runs."""
    found, (all_before, idle_before) = Busy(), times(STAT.read_text())
    yield found
    all_after, idle_after = times(STAT.read_text())
    found.share = 1 - (idle_after - idle_before) / max(1, all_after - all_before)
