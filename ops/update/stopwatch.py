"""Measure how long an update takes, and how much of that is waiting for containers."""

import time
from dataclasses import dataclass, field

from pulumi.automation import EngineEvent

from ops.stack.state import CONTAINER


@dataclass
class Stopwatch:
    """Takes the events of an update as they come. All times are in seconds."""

    started: float = field(default_factory=time.monotonic)
    _running: dict[str, float] = field(default_factory=dict)
    _intervals: list[tuple[float, float]] = field(default_factory=list)

    def watch(self, event: EngineEvent) -> None:
        """Note when work on a container begins and ends."""
        begun, ended = event.resource_pre_event, event.res_outputs_event
        if begun and begun.metadata.type == CONTAINER:
            self._running[begun.metadata.urn] = time.monotonic()
        elif ended and ended.metadata.urn in self._running:
            self._intervals.append((self._running.pop(ended.metadata.urn), time.monotonic()))

    @property
    def elapsed(self) -> float:
        """Time since the start."""
        return time.monotonic() - self.started

    @property
    def containers(self) -> float:
        """Time in which at least one container was worked on; the rest is Pulumi's own."""
        return union_length(self._intervals)


def union_length(intervals: list[tuple[float, float]]) -> float:
    """Return the length of the union of intervals."""
    total, reached = 0.0, float("-inf")
    for begin, end in sorted(intervals):
        total += max(0.0, end - max(begin, reached))
        reached = max(reached, end)
    return total
