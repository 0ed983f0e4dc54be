"""The intervals hold what they should, as often as they say."""

import random

import pytest

from benchmarks.comparison.figures.statistics import T_QUANTILES, mean, ratio, slope, typical


def test_the_ratio_is_the_geometric_mean_of_the_rounds_ratios() -> None:
    found = ratio([2, 8], [1, 1])
    assert found is not None
    assert found.value == pytest.approx(4)
    assert typical([2, 8]) / typical([1, 1]) == pytest.approx(found.value)


def test_the_interval_of_a_ratio_is_student_s_of_its_logarithm() -> None:
    # log: 0, 1, 2; mean 1, standard deviation 1, so 4.303 / √3 on each side.
    e = 2.718281828459045
    found = ratio([1, e, e * e], [1, 1, 1])
    assert found is not None
    assert found.low is not None
    assert found.high is not None
    assert found.low == pytest.approx(e ** (1 - 4.303 / 3**0.5))
    assert found.high == pytest.approx(e ** (1 + 4.303 / 3**0.5))


def test_exchanged_sides_have_the_inverse_interval() -> None:
    there, back = ratio([3, 4, 6], [1, 2, 2]), ratio([1, 2, 2], [3, 4, 6])
    assert there is not None
    assert back is not None
    assert there.low is not None
    assert back.high is not None
    assert there.low == pytest.approx(1 / back.high)


def test_what_slows_a_whole_round_does_not_widen_the_interval() -> None:
    found = ratio([10, 40, 20], [20, 80, 40])
    assert found is not None
    assert found.low == pytest.approx(0.5)
    assert found.high == pytest.approx(0.5)


def test_one_round_has_no_interval() -> None:
    found = ratio([2], [1])
    assert found is not None
    assert (found.value, found.low, found.high) == (2, None, None)


def test_a_side_of_zero_has_a_ratio_without_interval_or_none() -> None:
    found = ratio([0, 0], [2, 4])
    assert found is not None
    assert (found.value, found.low) == (0, None)
    assert ratio([1, 2], [0, 0]) is None


@pytest.mark.parametrize("rounds", [3, 5, 30, 40])
def test_the_interval_of_a_mean_holds_the_truth_in_95_of_100_runs(rounds: int) -> None:
    chance = random.Random(rounds)  # noqa: S311
    held = 0
    for _ in range(2000):
        found = mean([chance.gauss(7, 2) for _ in range(rounds)])
        assert found.low is not None
        assert found.high is not None
        held += found.low <= 7 <= found.high
    assert 0.935 <= held / 2000 <= 0.965


def test_quantiles_fall_towards_the_normal_distribution_s() -> None:
    assert list(T_QUANTILES) == sorted(T_QUANTILES, reverse=True)
    assert (T_QUANTILES[0], T_QUANTILES[1], T_QUANTILES[-1]) == (12.706, 4.303, 2.042)


def test_a_series_that_grows_has_its_slope() -> None:
    found = slope([0, 1, 2, 3, 4, 5, 6, 7, 8, 9], [5 + 2 * step for step in range(10)])
    assert (found.value, found.low, found.high) == pytest.approx((2, 2, 2))


def test_a_saw_tooth_does_not_grow() -> None:
    found = slope(range(30), [100 + 10 * (step % 10) for step in range(30)])
    assert found.low is not None
    assert found.high is not None
    assert found.low < 0 < found.high


def test_a_steady_growth_under_noise_is_seen() -> None:
    chance = random.Random(3)  # noqa: S311
    found = slope(range(30), [100 + step + chance.gauss(0, 2) for step in range(30)])
    assert found.low is not None
    assert found.low > 0.5


def test_the_same_series_has_the_same_interval() -> None:
    series = [1.0, 3, 2, 5, 4, 6, 8, 7, 9, 12, 10, 11]
    assert slope(range(12), series) == slope(range(12), series)


def test_few_points_have_a_slope_without_interval() -> None:
    assert slope([0, 1, 2], [0, 1, 2]).low is None
