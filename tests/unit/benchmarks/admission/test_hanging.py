"""Others' requests beside a model that hangs are compared with those without it."""

from benchmarks.admission.hanging import QUICK, Round, results
from benchmarks.attack import Answer, Attack
from testbed.load import Asked, Load


def attack(*seconds: float, status: int = 200) -> Attack:
    return Attack([Answer(0, each, status, "", cut=False, retry_after=False) for each in seconds])


def values(*rounds: Round) -> list[float]:
    return [each.value for each in results(QUICK, rounds)]


def test_p99_is_that_of_all_rounds_together() -> None:
    first = Round(attack(0.1, 0.2), attack(0.1, 0.1), Load(), 60)
    assert values(first, Round(attack(0.1), attack(0.3), Load(), 50)) == [0, 0, 1.5]


def test_failures_are_counted_on_the_side_on_which_they_were() -> None:
    each = Round(attack(0.1), attack(0.1, status=503), Load([Asked(429, 0, 1)]), 60)
    without, beside, _ = results(QUICK, [each])
    assert (without.value, beside.value) == (0, 1)
    assert "{429: 1}" in beside.text


def test_no_answer_on_either_side_is_no_quick_answer() -> None:
    refused, answered = attack(0.1, status=503), attack(0.1)
    for each in (Round(answered, refused, Load(), 60), Round(refused, answered, Load(), 60)):
        assert not results(QUICK, [each])[-1].ok
