"""The search for the most answers in flight."""

from functools import partial
from operator import ge

import pytest

from benchmarks.attack import Answer, Attack
from benchmarks.comparison.scenarios.promises.in_flight import FIRST_LEVEL, LAST_LEVEL, highest, holds, in_flight


@pytest.mark.parametrize("start", [FIRST_LEVEL, 17, LAST_LEVEL, 99])
def test_the_highest_good_level_is_found_from_anywhere(start: int) -> None:
    limits = list(range(FIRST_LEVEL - 1, LAST_LEVEL + 1))
    assert [highest(partial(ge, limit), start) for limit in limits] == limits


def test_a_search_that_begins_near_the_answer_takes_few_steps() -> None:
    asked: list[int] = []

    def good(level: int) -> bool:
        asked.append(level)
        return level <= 21

    assert highest(good, 20) == 21
    assert len(asked) <= 4


def test_levels_double_each_octave() -> None:
    assert in_flight(FIRST_LEVEL) == 1
    assert in_flight(FIRST_LEVEL + 4) == 2
    assert in_flight(LAST_LEVEL) == 1024
    assert in_flight(FIRST_LEVEL - 1) == 0


def answer(sent: float, seconds: float, status: int = 200) -> Answer:
    return Answer(sent, seconds, status, "", cut=False, retry_after=False)


def test_the_gateway_s_own_time_is_what_the_provider_did_not_take() -> None:
    load = Attack([answer(place, 1.4) for place in range(100)])
    assert holds(load, 0, 100, provider=1)
    assert not holds(load, 0, 100, provider=0.8)


def test_one_late_answer_of_fifty_is_too_many() -> None:
    load = Attack([answer(place, 1.1) for place in range(49)] + [answer(49, 9)])
    assert not holds(load, 0, 50, provider=1)


def test_a_failure_before_the_measured_time_counts_too() -> None:
    assert not holds(Attack([answer(0, 1, status=503), answer(5, 1)]), 2, 9, provider=1)


def test_no_answer_in_the_measured_time_is_not_good() -> None:
    assert not holds(Attack([answer(0, 1)]), 2, 9, provider=1)


def test_what_is_sent_after_the_measured_time_only_keeps_the_gateway_busy() -> None:
    assert holds(Attack([answer(3, 1), answer(9, 8)]), 2, 9, provider=1)
