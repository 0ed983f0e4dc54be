"""How many answers flowed at the same time."""

from testbed.load import Asked, Load


def test_answers_flow_from_their_first_piece_to_their_end() -> None:
    first = Asked(200, first=1, seconds=5, sent=0)
    second = Asked(200, first=1, seconds=5, sent=3)
    queued = Asked(200, first=9, seconds=12, sent=0)
    assert Load([first, second, queued]).most_streamed == 2


def test_a_refused_request_does_not_flow() -> None:
    assert Load([Asked(503, first=0, seconds=5)]).most_streamed == 0
    assert Load([]).most_streamed == 0
