"""Times add up to percentiles that were measured, bars that hold each request once, and failures by kind."""

import pytest

from ops.check.load.latency import HistogramBar, LoadResult, RequestTiming, histogram, percentiles

HUNDRED = [number / 1000 for number in range(1, 101)]


def test_percentiles_are_the_nearest_ranks() -> None:
    assert percentiles(HUNDRED) == {"p50": 0.050, "p90": 0.090, "p95": 0.095, "p99": 0.099, "max": 0.100}
    assert percentiles([0.3]) == dict.fromkeys(("p50", "p90", "p95", "p99", "max"), 0.3)
    assert percentiles([]) == {}


@pytest.mark.parametrize("times", [HUNDRED, [0.1, 0.1, 0.2], [1.0, 1.1, 7.0], [0.1 + 0.2, 0.3, 0.7]])
def test_each_time_is_in_one_bar(times: list[float]) -> None:
    bars = histogram(sorted(times))
    assert sum(bar.count for bar in bars) == len(times)
    assert (bars[0].low, bars[0].count > 0, bars[-1].count > 0) == (min(times), True, True)
    assert bars[-1].high == pytest.approx(max(times))
    assert [bar.high for bar in bars[:-1]] == pytest.approx([bar.low for bar in bars[1:]])


def test_bars_count_what_they_span() -> None:
    assert [bar.count for bar in histogram([0.0, 0.1, 0.4, 0.9, 1.0], bars=2)] == [3, 2]


def test_times_that_are_all_the_same_are_one_bar_and_no_times_none() -> None:
    assert histogram([0.2, 0.2]) == [HistogramBar(0.2, 0.2, 2)]
    assert histogram([]) == []


def test_a_refusal_counts_as_failed_and_flatters_no_latency() -> None:
    refused = RequestTiming(0.001, failure="HTTP 429")
    late = RequestTiming(9.0, failure="timed out")
    result = LoadResult((RequestTiming(0.4, 0.1), RequestTiming(0.2), refused, refused, late), seconds=2.0)
    assert result.answered == [0.2, 0.4]
    assert result.failures == {"HTTP 429": 2, "timed out": 1}
    assert (result.failed, result.rate) == (3, 1.0)
    assert result.as_data["latency_ms"]["max"] == 400.0
    assert result.as_data["first_chunk_ms"]["p50"] == 100.0


def test_a_run_without_an_answer_has_no_latency() -> None:
    data = LoadResult((RequestTiming(0.1, failure="HTTP 500"),), seconds=0.1).as_data
    assert (data["latency_ms"], data["first_chunk_ms"], data["answered_per_second"]) == (None, None, 0.0)
