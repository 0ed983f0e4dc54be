"""Streams run side by side by their plan, and only what was asked meanwhile counts."""

import math

from benchmarks.admission.streams import CHUNK_SECONDS, FULL, Plan, results
from testbed.load import STREAM_CUT, Asked, Load

PLAN = Plan(streams=3, seconds=10)


def asked(sent: float, seconds: float, first: float = 0.0, result: int | str = 200) -> Asked:
    return Asked(result, first, seconds, sent=sent)


def values(streams: list[Asked], further: list[Asked]) -> list[float]:
    return [each.value for each in results(PLAN, Load(streams), Load(further))]


def test_all_streams_of_the_plan_run_for_its_seconds() -> None:
    begins = [number / FULL.begin_rate for number in range(FULL.streams)]
    ends = [begin + CHUNK_SECONDS * FULL.tokens(number) for number, begin in enumerate(begins)]
    assert min(ends) - max(begins) >= FULL.seconds - CHUNK_SECONDS
    assert FULL.seconds >= 60


def test_only_further_requests_that_were_sent_while_all_run_count_for_the_first_chunk() -> None:
    streams = [asked(0, 20), asked(1, 20), asked(2, 20, first=1)]
    further = [asked(2.5, 1, first=9), asked(4, 1, first=0.5), asked(19, 1, first=0.7), asked(20, 1, first=9)]
    assert values(streams, further) == [0, 0, 0, 0.7]


def test_streams_that_never_run_with_all_others_miss_the_goal() -> None:
    streams = [asked(0, 2), asked(1, 20), asked(3, 20)]
    assert values(streams, [])[:2] == [0, 1]
    assert not results(PLAN, Load(streams), Load([]))[1].ok


def test_a_stream_that_is_cut_or_refused_failed() -> None:
    streams = [asked(0, 20), asked(0, 20, result=STREAM_CUT), asked(0, 20, result=503)]
    assert values(streams, [asked(1, 1, result=429)]) == [2, 2, 1, math.inf]
