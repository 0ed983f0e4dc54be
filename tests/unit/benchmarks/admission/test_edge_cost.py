"""The edge's cost: processor time by the answers that ended meanwhile, latency by pairs."""

import pytest

from benchmarks.admission.edge_cost import BLOCKS, Window, latency_results, processor_results, typical_seconds
from benchmarks.attack import Answer, Attack
from benchmarks.result import Result


def answer(sent: float, seconds: float, status: int = 200) -> Answer:
    return Answer(sent, seconds, status, "", cut=False, retry_after=False)


def test_processor_time_is_what_the_answers_that_ended_meanwhile_add() -> None:
    load = Attack([answer(8, 1), answer(9, 2), answer(12, 1), answer(12, 1, 503), answer(19, 2)])
    added, idle = processor_results(Window(0, 5, processor=0.1), Window(10, 20, processor=0.203), load)
    assert (added.value, idle.value) == (1.5, 2.0)


def test_latency_is_compared_pair_by_pair_whatever_the_order_of_the_answers() -> None:
    pairs = [(0.102, 0.1), (0.206, 0.2), (0.0515, 0.05)]
    sent = [answer(2 * place + side, pair[side]) for place, pair in enumerate(pairs) for side in (0, 1)]
    failed, added = latency_results(Attack([*reversed(sent), answer(6, 9), answer(7, 9, 503)]))
    assert failed.value == 1
    assert added.text.startswith("2.67, ")
    assert "3 pairs" in added.text


def test_latency_is_judged_by_the_upper_end_of_its_interval() -> None:
    def added(*by_edge: float) -> Result:
        pairs = [(each, 0.1) for each in by_edge]
        return latency_results(
            Attack([answer(2 * place + side, pair[side]) for place, pair in enumerate(pairs) for side in (0, 1)])
        )[1]

    assert added(0.102, 0.1021, 0.1019).ok
    assert not added(0.1, 0.102, 0.104).ok


def test_neighbours_are_one_block() -> None:
    assert len(typical_seconds([answer(place, 1) for place in range(50 * BLOCKS)])) == BLOCKS
    assert len(typical_seconds([answer(place, 1) for place in range(3)])) == 3


def test_too_few_answers_are_no_figure() -> None:
    with pytest.raises(RuntimeError, match="too few requests"):
        latency_results(Attack([answer(0, 1), answer(1, 1)]))
