"""The measured costs, and the sizes that other checks plan with."""

from dataclasses import asdict

import pytest

from components.litellm.capacity import BODY_COPIES, REQUEST_MIB
from components.stack.costs import Costs, measured
from components.stack.expected_load import REPLICA

PARTS = {"litellm", "edge", "ingress", "postgres", "redis"}


@pytest.fixture
def costs() -> Costs:
    """The measured costs."""
    found = measured()
    if found is None:
        pytest.skip("`make sizing` has not been run")
    return found


def test_processor_time_of_requests_and_chunks_is_known_for_each_part(costs: Costs) -> None:
    assert costs.request_ms.keys() == costs.chunk_ms.keys() >= PARTS
    assert costs.request_ms[REPLICA] > costs.chunk_ms[REPLICA] > 0


def test_no_cost_is_less_than_nothing(costs: Costs) -> None:
    assert min(value for parts in asdict(costs).values() for value in parts.values()) >= 0


def test_memory_that_a_replica_plans_for_a_request_is_more_than_was_measured(costs: Costs) -> None:
    assert 0 < costs.in_flight_mib[REPLICA] <= REQUEST_MIB


def test_memory_that_a_replica_plans_for_a_body_is_more_than_was_measured(costs: Costs) -> None:
    assert 1 < costs.body_copies[REPLICA] < costs.wide_body_copies[REPLICA] <= BODY_COPIES
