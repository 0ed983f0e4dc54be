"""A row says what was measured, and whether its goal holds for the whole interval."""

import pytest

from benchmarks.comparison.figures.metric import Goal, Metric, Subject
from benchmarks.comparison.figures.row import Round, Row, row
from benchmarks.comparison.figures.statistics import Estimate

HALF = Metric("p99", "p99, ms", Goal(at_most=0.5))


def rounds(*pairs: tuple[float, float], key: str = "p99") -> list[Round]:
    return [Round({key: a}, {key: b}) for a, b in pairs]


def found(metric: Metric, measured: list[Round]) -> Row:
    made = row(metric, measured)
    assert made is not None
    return made


def test_a_row_has_both_sides_their_ratio_and_its_interval() -> None:
    made = found(HALF, rounds((10, 40), (20, 60), (20, 50)))
    assert made.a / made.b == pytest.approx(made.ratio, rel=1e-3)
    assert made.low is not None
    assert made.ratio is not None
    assert made.high is not None
    assert made.low < made.ratio < made.high
    assert made.goal == "a / b ≤ 0.5"


def test_a_row_of_bench_json_has_exactly_these_keys() -> None:
    made = found(HALF, rounds((1, 4), (1, 4)))
    assert list(made.to_dict()) == ["name", "a", "b", "ratio", "low", "high", "goal", "ok"]
    assert Row.read(made.to_dict()) == made


@pytest.mark.parametrize(
    ("goal", "low", "high", "met"),
    [
        (Goal(at_most=0.5), 0.3, 0.5, True),
        (Goal(at_most=0.5), 0.3, 0.51, False),
        (Goal(at_least=5), 5, 9, True),
        (Goal(at_least=5), 4.9, 9, False),
        (Goal(Subject.VALUE, below=5), 1, 4.9, True),
        (Goal(Subject.VALUE, below=5), 1, 5, False),
        (Goal(Subject.SLOPE, holds_zero=True), -1, 1, True),
        (Goal(Subject.SLOPE, holds_zero=True), 0.1, 1, False),
        (Goal(Subject.SLOPE, at_most=1, holds_zero=True), -3, 1, True),
        (Goal(Subject.SLOPE, at_most=1, holds_zero=True), -3, 1.1, False),
        (Goal(at_most=0.5), None, None, False),
    ],
)
def test_a_goal_is_reached_when_the_whole_interval_is_good(
    goal: Goal, low: float | None, high: float | None, *, met: bool
) -> None:
    assert goal.met(Estimate(0.4, low, high)) is met


def test_a_goal_is_not_reached_where_there_is_no_ratio() -> None:
    made = found(HALF, rounds((1, 0), (2, 0)))
    assert (made.ratio, made.low, made.ok) == (None, None, False)


def test_a_goal_about_side_a_has_side_a_s_interval() -> None:
    made = found(Metric("p99", "health, ms", Goal(Subject.VALUE, below=5)), rounds((2.5, 800), (3, 900), (3.5, 1000)))
    assert (made.a, made.b) == (3, 900)
    assert made.low is not None
    assert made.high is not None
    assert made.low < 3 < made.high
    assert made.ok is True
    assert made.goal == "a < 5"


def test_no_failure_in_any_round_reaches_a_goal_of_none() -> None:
    none = Metric("failed", "failures", Goal(Subject.VALUE, at_most=0))
    assert found(none, rounds((0, 3), (0, 4), key="failed")).ok is True
    assert found(none, rounds((0, 3), (1, 4), key="failed")).ok is False


def test_a_slope_is_taken_over_what_was_done() -> None:
    metric = Metric("mib", "growth", Goal(Subject.SLOPE, holds_zero=True), over="requests", per=1000)
    measured = [
        Round({"requests": 2000 * step, "mib": 500}, {"requests": 4000 * step, "mib": 500 + 8 * step})
        for step in range(10)
    ]
    made = found(metric, measured)
    assert (made.a, made.b, made.ratio, made.ok) == (0, 2, None, True)


def test_a_total_is_the_sum_of_the_rounds() -> None:
    made = found(Metric("s", "twenty changes, s", Goal(Subject.TOTAL, at_most=1)), rounds((2, 4), (3, 6), key="s"))
    assert (made.a, made.b, made.ratio, made.low, made.high, made.ok) == (5, 10, 0.5, 0.5, 0.5, True)
    assert made.goal == "a / b of a round ≤ 1"


def test_a_figure_that_a_round_lacks_is_left_out() -> None:
    assert row(Metric("overhead", "overhead, ms"), rounds((1, 2))) is None
    assert row(HALF, []) is None


def test_a_figure_without_a_goal_is_neither_reached_nor_missed() -> None:
    made = found(Metric("p99", "p99, ms"), rounds((1, 2), (1, 2)))
    assert (made.goal, made.ok) == (None, None)
