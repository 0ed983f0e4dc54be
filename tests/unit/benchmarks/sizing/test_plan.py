"""What a run measures fits together."""

import pytest

from benchmarks.sizing.plan import BATCH_WRITE_SECONDS, FULL, QUICK, Plan

JITTER_SECONDS = 3
"""That LiteLLM adds at most to the time between two writes of spend."""


@pytest.mark.parametrize("plan", [FULL, QUICK], ids=["full", "quick"])
def test_spend_is_written_before_the_next_reading(plan: Plan) -> None:
    assert plan.settle > BATCH_WRITE_SECONDS + JITTER_SECONDS


@pytest.mark.parametrize("plan", [FULL, QUICK], ids=["full", "quick"])
def test_slow_streams_last_until_all_have_begun(plan: Plan) -> None:
    assert plan.rounds * plan.in_flight / plan.in_flight_rate < plan.in_flight_seconds
