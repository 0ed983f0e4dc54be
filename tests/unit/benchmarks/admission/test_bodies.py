"""A large body is answered, or refused in time and with the time to come back."""

import pytest

from benchmarks.admission.bodies import QUICK, SECONDS_GOAL, results
from benchmarks.attack import Answer, Attack
from testbed.load import Asked, Load

SMALL = Attack([Answer(0, 1, 200, "", cut=False, retry_after=False)])


def missed(*answers: Asked, kills: int = 0, small: Attack = SMALL) -> list[str]:
    found = results(QUICK, Load([*answers]), small, kills)
    return [each.name.partition(": ")[2] for each in found if not each.ok]


@pytest.mark.parametrize("result", [200, 413])
def test_an_answer_and_a_refusal_for_good_are_both_fine(result: int) -> None:
    assert missed(Asked(result, 1, 2)) == []


def test_a_refusal_for_now_says_when_to_come_back() -> None:
    assert missed(Asked(503, 1, 2, "5"), Asked(429, 1, 2, "5")) == []
    assert missed(Asked(503, 1, 2)) == ["refusals without Retry-After"]


@pytest.mark.parametrize("result", ["ReadError", 500, 504])
def test_anything_else_is_neither(result: int | str) -> None:
    assert missed(Asked(result, 1, 2)) == ["neither answered nor refused by 413, 429 or 503"]


def test_late_answers_kills_and_small_requests_that_fail_are_named() -> None:
    small = Attack([Answer(0, 1, 503, "", cut=False, retry_after=False)])
    assert missed(Asked(200, 1, SECONDS_GOAL + 1), kills=1, small=small) == [
        "kills", "small requests failed", "until the last was answered or refused, s",
    ]  # fmt: skip
