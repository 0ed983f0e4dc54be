"""The costs that the readings say."""

from dataclasses import fields, replace

import pytest

from benchmarks.sizing.figures import COSTS, Figure, costs, figures, own_seconds
from benchmarks.sizing.parts import PARTS
from benchmarks.sizing.readings import Round
from components.stack.costs import Costs
from tests.unit.benchmarks.sizing.rounds import FIRST, START, memory, work

SECOND = replace(FIRST, in_flight=memory(600, 200), connected=memory(525, 1000))


def found(*rounds: Round) -> dict[str, Figure]:
    return {each.cost: each for each in figures(rounds, START) if each.part in ("litellm", "edge")}


def test_what_an_idle_gateway_uses_is_no_cost() -> None:
    assert own_seconds(work(15, 2), work(8, 0)) == pytest.approx(dict.fromkeys(PARTS, 2))


@pytest.mark.parametrize(
    ("cost", "value"),
    [
        ("request_ms", 5),
        ("chunk_ms", 0.6875),
        ("connections_ms", 10),
        ("connections_mib", 20),
        ("in_flight_mib", 0.4),
        ("body_copies", 4),
        ("wide_body_copies", 11),
    ],
)
def test_cost_of_one_round(cost: str, value: float) -> None:
    figure = found(FIRST)[cost]
    assert figure.median == pytest.approx(value)
    assert figure.samples == (figure.median,)


def test_memory_is_that_of_what_is_more_than_in_the_round_before() -> None:
    both = found(FIRST, SECOND)
    assert both["in_flight_mib"].samples == pytest.approx((0.4, 0.6))
    assert both["connections_mib"].samples == pytest.approx((20, 30))


def test_a_round_that_held_no_more_than_the_one_before_has_no_figures() -> None:
    with pytest.raises(AssertionError, match="100 are no more than the 100 before"):
        figures([FIRST, replace(FIRST, connected=memory(525, 1000))], START)


def test_median_and_spread_are_those_of_the_rounds() -> None:
    rounds = [replace(FIRST, requests=work(15, own, 400)) for own in (2, 8, 2.4)]
    growing = [
        replace(each, in_flight=memory(540, 100 * number), connected=memory(510, 500 * number))
        for number, each in enumerate(rounds, start=1)
    ]
    figure = found(*growing)["request_ms"]
    assert (figure.low, figure.median, figure.high) == pytest.approx((5, 6, 20))


def test_each_cost_is_a_field_of_the_program_s() -> None:
    assert [cost.key for cost in COSTS] == [field.name for field in fields(Costs)]
    assert Costs.read(costs(figures([FIRST], START))).request_ms.keys() == PARTS.keys()


def test_noise_below_nothing_counts_as_nothing() -> None:
    quiet = replace(FIRST, long_streams=work(16, 0.4, 3600))
    assert found(quiet)["chunk_ms"].median < 0
    assert costs(figures([quiet], START))["chunk_ms"] == dict.fromkeys(PARTS, 0.0)


def test_a_figure_is_read_as_it_was_written() -> None:
    for figure in figures([FIRST, SECOND], START):
        assert Figure.read(figure.to_dict()) == figure
