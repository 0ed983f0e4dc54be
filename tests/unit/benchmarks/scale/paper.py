"""Costs and users that one can compute with by hand."""

from benchmarks.scale.profile import Profile
from components.stack.costs import Costs

COSTS = Costs(
    request_ms={"litellm": 10, "postgres": 2, "redis": 0.5, "edge": 1, "monitoring": 0, "ingress": 9},
    chunk_ms={"litellm": 1, "postgres": 0, "redis": 0, "edge": 0.1, "monitoring": 0, "ingress": 9},
    connections_ms={"edge": 1, "ingress": 9},
    connections_mib={"edge": 2, "ingress": 9},
    in_flight_mib={"litellm": 0.4, "edge": 0.01, "ingress": 9},
    body_copies={},
    wide_body_copies={},
)
PROFILE = Profile("user", requests_per_hour=18, peak=2, streamed=0.5, seconds=10, chunks_per_second=10, connections=2)
"""10,000 of them: 100 requests/s, 1,000 in flight, 500 streams with 5,000 chunks/s, 20,000 connections."""
USERS = 10_000
DEMAND = PROFILE.demand(USERS)
