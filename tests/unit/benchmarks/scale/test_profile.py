"""What users ask for is their rate, times how long an answer takes."""

from dataclasses import replace

from tests.unit.benchmarks.scale.paper import DEMAND, PROFILE, USERS


def test_users_ask_for_rate_streams_and_chunks() -> None:
    assert DEMAND.load.requests_per_second == 100
    assert (DEMAND.in_flight, DEMAND.load.streams) == (1_000, 500)
    assert DEMAND.chunks_per_second == 5_000


def test_connections_are_those_of_programs_or_of_requests_in_flight() -> None:
    assert DEMAND.connections == 20_000
    assert replace(PROFILE, connections=0.01).demand(USERS).connections == 1_000


def test_part_of_a_stream_counts_as_one() -> None:
    assert PROFILE.demand(1).load.streams == 1


def test_more_users_than_any_stack_may_expect_can_be_asked_about() -> None:
    assert PROFILE.demand(10**8).load.streams == 5_000_000
