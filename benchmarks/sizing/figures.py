"""What the readings say: costs of each part, round by round."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from statistics import median
from typing import Any, Self

from benchmarks.comparison.figures.row import rounded
from benchmarks.sizing.parts import PARTS
from benchmarks.sizing.readings import Memory, Round, Work
from components.stack.costs import Parts

Sample = Callable[[Round, Round | None, Parts], Parts]
"""Computes the costs of one round, of the one before it, and of the memory that was held before the first."""


@dataclass(frozen=True)
class Figure:
    """One cost of one part."""

    cost: str
    """Its key in costs.json."""
    part: str
    median: float
    low: float
    """The smallest of the rounds."""
    high: float
    samples: tuple[float, ...]
    """One a round."""

    @classmethod
    def read(cls, document: Mapping[str, Any]) -> Self:
        """Return the figure that `to_dict` gave."""
        return cls(**{**document, "samples": tuple(document["samples"])})

    def to_dict(self) -> dict[str, Any]:
        """Return the figure as sizing.json has it."""
        return asdict(self)


@dataclass(frozen=True)
class Cost:
    """What a figure is about."""

    key: str
    """A field of `components.stack.costs.Costs`."""
    text: str
    """What it is, with its unit."""
    sample: Sample
    parts: Sequence[str] = tuple(PARTS)
    """Those that it is computed for."""


def own_seconds(work: Work, idle: Work) -> dict[str, float]:
    """Return the processor seconds of each part beyond those of an idle gateway."""
    return {part: used - idle.processor[part] / idle.seconds * work.seconds for part, used in work.processor.items()}


def request_ms(this: Round, _before: Round | None, _start: Parts) -> Parts:
    """Return the processor time of a request."""
    return _each(own_seconds(this.requests, this.idle), 1000 / this.requests.count)


def chunk_ms(this: Round, _before: Round | None, _start: Parts) -> Parts:
    """Return the processor time of a chunk: what long streams took more than as many short ones."""
    short, long = (own_seconds(work, this.idle) for work in (this.short_streams, this.long_streams))
    more = this.long_streams.count - this.short_streams.count
    return {part: 1000 * (long[part] - short[part]) / more for part in long}


def connections_ms(this: Round, _before: Round | None, _start: Parts) -> Parts:
    """Return the processor time of 1,000 idle connections in a second, in milliseconds."""
    work = this.connections
    return _each(own_seconds(work, this.idle), 1000 / work.seconds * 1000 / work.count)


def connections_mib(this: Round, before: Round | None, start: Parts) -> Parts:
    """Return the memory of 1,000 idle connections: those that the round before did not have."""
    return _each(_growth(this.connected, before.connected if before else Memory(start)), 1000)


def in_flight_mib(this: Round, before: Round | None, start: Parts) -> Parts:
    """Return the memory of a request in flight: those that the round before did not have.

    Python keeps for itself what a request gave back, so only more requests than ever before take more memory.
    """
    return _growth(this.in_flight, before.in_flight if before else Memory(start))


def body_copies(this: Round, _before: Round | None, _start: Parts) -> Parts:
    """Return the memory of a body, in its sizes."""
    return _growth(this.ascii_body, this.before_body)


def wide_body_copies(this: Round, _before: Round | None, _start: Parts) -> Parts:
    """Return the same of a body with an emoji."""
    return _growth(this.wide_body, this.before_wide_body)


EDGES = ("edge", "ingress")
HOLDERS = ("litellm", *EDGES)
"""Parts through which a request's body and answer pass."""
COSTS = (
    Cost("request_ms", "processor time of a request, ms", request_ms),
    Cost("chunk_ms", "processor time of a streamed chunk, ms", chunk_ms),
    Cost("connections_ms", "processor time of 1,000 idle connections, ms a second", connections_ms, EDGES),
    Cost("connections_mib", "memory of 1,000 idle connections, MiB", connections_mib, EDGES),
    Cost("in_flight_mib", "memory of a request in flight, MiB", in_flight_mib, HOLDERS),
    Cost("body_copies", "memory of a body, MiB a MiB", body_copies, HOLDERS),
    Cost("wide_body_copies", "memory of a body with an emoji, MiB a MiB", wide_body_copies, HOLDERS),
)


def figures(rounds: Sequence[Round], start: Parts) -> list[Figure]:
    """Return the figures of all costs and parts.

    Args:
        rounds: the readings, in the order in which they were taken.
        start: memory of each part before the first.
    """
    found = []
    for cost in COSTS:
        before = [None, *rounds[:-1]]
        samples = [cost.sample(this, last, start) for this, last in zip(rounds, before, strict=True)]
        for part in cost.parts:
            values = [rounded(sample[part]) for sample in samples]
            found.append(Figure(cost.key, part, rounded(median(values)), min(values), max(values), tuple(values)))
    return found


def costs(found: Sequence[Figure]) -> dict[str, dict[str, float]]:
    """Return the figures as costs.json has them. What the noise makes less than nothing counts as nothing."""
    return {cost.key: {each.part: max(0.0, each.median) for each in found if each.cost == cost.key} for cost in COSTS}


def _each(parts: Parts, factor: float) -> dict[str, float]:
    return {part: value * factor for part, value in parts.items()}


def _growth(after: Memory, before: Memory) -> dict[str, float]:
    """Return how much more memory each part held, for each that was there more.

    Raises:
        AssertionError: when no more were there.
    """
    more = after.count - before.count
    assert more > 0, f"{after.count} are no more than the {before.count} before"
    return {part: (held - before.resident[part]) / more for part, held in after.resident.items()}
