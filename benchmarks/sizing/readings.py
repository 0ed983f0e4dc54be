"""What is read in one round, before anything is computed of it."""

from dataclasses import dataclass

from components.stack.costs import Parts


@dataclass(frozen=True)
class Work:
    """The processor time that the parts used while something was done."""

    seconds: float
    processor: Parts
    """Seconds."""
    count: int = 0
    """How many requests, chunks or connections there were."""


@dataclass(frozen=True)
class Memory:
    """The memory that the parts held while something stood."""

    resident: Parts
    """MiB at most."""
    count: int = 0
    """How many streams, connections or MiB of a body there were."""


@dataclass(frozen=True)
class Round:
    """The readings of one round."""

    idle: Work
    requests: Work
    short_streams: Work
    long_streams: Work
    in_flight: Memory
    connected: Memory
    connections: Work
    before_body: Memory
    ascii_body: Memory
    before_wide_body: Memory
    wide_body: Memory
    """A body with one emoji, for which Python keeps four bytes a character."""
