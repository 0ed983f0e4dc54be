"""How much of everything a run of `make sizing` measures."""

from dataclasses import dataclass

from benchmarks.comparison.effort import Effort


@dataclass(frozen=True)
class Plan:
    """The load of one round. Seconds, unless the name says otherwise."""

    rounds: int
    idle: float
    """Without load: what the parts use then is no cost of a request. Prometheus asks each part every 15 s."""
    settle: float
    """After requests, until their spend is written."""
    requests: float
    callers: int
    """Who ask for one completion after the other, with a pause of 0.2 s."""
    streams: int
    """Side by side."""
    short_chunks: int
    long_chunks: int
    chunk_ms: int
    """Between two chunks of a stream."""
    in_flight: int
    """More slow streams in each round than in the one before."""
    in_flight_rate: float
    """How many of them begin in a second."""
    in_flight_seconds: float
    """How long each lasts: longer than all take to begin."""
    connected: float
    """For which connections are idle."""
    connections: int
    """More idle connections in each round than in the one before."""
    body_mib: int


BATCH_WRITE_SECONDS = 3
"""Between two writes of spend, in place of prod's minute: LiteLLM adds up to three."""
SETTLE_SECONDS = 7
FULL = Plan(
    rounds=3, idle=15, settle=SETTLE_SECONDS, requests=8, callers=20, streams=40, short_chunks=10, long_chunks=90,
    chunk_ms=100, in_flight=100, in_flight_rate=20, in_flight_seconds=20, connected=8, connections=500, body_mib=20,
)  # fmt: skip
QUICK = Plan(
    rounds=1, idle=5, settle=SETTLE_SECONDS, requests=4, callers=10, streams=10, short_chunks=5, long_chunks=45,
    chunk_ms=50, in_flight=40, in_flight_rate=20, in_flight_seconds=4, connected=3, connections=200, body_mib=10,
)  # fmt: skip


def plan_of(effort: Effort) -> Plan:
    """Return what a run of this effort measures."""
    return effort.of(FULL, QUICK)
