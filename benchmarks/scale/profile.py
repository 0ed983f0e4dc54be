"""What a user asks for: the assumptions of docs/scale.md."""

import math
from dataclasses import dataclass

from components.litellm.expected_load import ExpectedLoad


@dataclass(frozen=True)
class Demand:
    """What some users ask for in the busiest minute."""

    load: ExpectedLoad
    in_flight: float
    """Requests that have begun and not ended, streamed or not."""
    connections: float
    """Connections of clients, idle ones included."""

    @property
    def chunks_per_second(self) -> float:
        """Those of all streams together."""
        return self.load.streams * self.load.chunks_per_second


@dataclass(frozen=True)
class Profile:
    """A kind of user. Who does nothing in the busiest hour is none."""

    name: str
    requests_per_hour: float
    """Of one user, in the busiest hour."""
    peak: float
    """The busiest minute of that hour, as a multiple of its average."""
    streamed: float
    """Share of the requests that are streamed."""
    seconds: float
    """How long an answer takes, streamed or not."""
    chunks_per_second: float
    """Of a stream."""
    connections: float
    """That the programs of one user keep open."""

    def demand(self, users: int) -> Demand:
        """Return what so many users ask for."""
        rate = users * self.requests_per_hour / 3600 * self.peak
        in_flight = rate * self.seconds
        # Not checked: it may be more than one stack may expect.
        load = ExpectedLoad.model_construct(
            streams=math.ceil(round(in_flight * self.streamed, 6)),
            chunks_per_second=self.chunks_per_second,
            requests_per_second=rate,
        )
        return Demand(load, in_flight, max(in_flight, users * self.connections))


CHAT = Profile("chat user", requests_per_hour=12, peak=2, streamed=0.9, seconds=10, chunks_per_second=40, connections=2)
AGENT = Profile(
    "coding agent", requests_per_hour=120, peak=1.5, streamed=1, seconds=15, chunks_per_second=50, connections=4
)
PROGRAM = Profile(
    "batch program", requests_per_hour=600, peak=1.5, streamed=0, seconds=5, chunks_per_second=1, connections=4
)
PROFILES = (CHAT, AGENT, PROGRAM)
USERS = (100, 1_000, 10_000)
