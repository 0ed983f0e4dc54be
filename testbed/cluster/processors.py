"""How busy the machine's processors are while something runs."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

STAT = Path("/proc/stat")
IDLE, WAITING = 3, 4
"""Fields of the line `cpu` (proc(5))."""


@dataclass
class Busy:
    """The share of all processors that was busy; known at the end."""

    share: float = 0


def _times() -> tuple[int, int]:
    values = [int(word) for word in STAT.read_text().splitlines()[0].split()[1:]]
    return sum(values), values[IDLE] + values[WAITING]


@contextmanager
def busy_share() -> Iterator[Busy]:
    """Measure while the body runs."""
    found, (all_before, idle_before) = Busy(), _times()
    yield found
    all_after, idle_after = _times()
    found.share = 1 - (idle_after - idle_before) / max(1, all_after - all_before)
