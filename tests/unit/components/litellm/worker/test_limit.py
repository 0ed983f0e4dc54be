"""The limit of requests in flight that a replica learns from its workers."""

import asyncio
from pathlib import Path

import pytest

from components.litellm.worker.start import LATE_SECONDS, Limit, answer_time, in_flight
from testbed.ports import free_ports

LATE, IN_TIME = LATE_SECONDS + 0.1, LATE_SECONDS - 0.1
QUESTION = b"30 90\n"


def test_limit_is_the_backend_s_own_until_workers_are_late() -> None:
    limit = Limit(least=24)
    assert limit.share(QUESTION) == b" maxconn:30"
    limit.learn(IN_TIME, 500)
    assert limit.share(QUESTION) == b" maxconn:30"


def test_late_workers_get_fewer_requests_down_to_what_keeps_them_busy() -> None:
    limit = Limit(least=24)
    limit.learn(LATE, 30)
    assert limit.share(QUESTION) == b" maxconn:21"
    for _ in range(20):
        limit.learn(LATE, 30)
    assert limit.share(QUESTION) == b" maxconn:8"


def test_workers_in_time_get_more_again() -> None:
    limit = Limit(least=24)
    for _ in range(20):
        limit.learn(LATE, 30)
    for _ in range(20):
        limit.learn(IN_TIME, 8)
    assert limit.share(QUESTION) == b" maxconn:30"


def test_requests_that_are_served_in_time_are_no_reason_for_fewer() -> None:
    limit = Limit(least=24)
    limit.learn(LATE, 1000)
    limit.learn(IN_TIME, 1000)
    assert limit.value >= 1000


@pytest.mark.parametrize("question", [b"", b"\n", b"30\n", b"x 90\n", b"30 0\n"])
def test_backend_that_does_not_say_its_part_hears_no_limit(question: bytes) -> None:
    limit = Limit(least=24)
    limit.learn(LATE, 30)
    assert limit.share(question) == b""


def test_connections_to_litellm_are_counted(tmp_path: Path) -> None:
    table = tmp_path / "tcp"
    table.write_text(
        "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt\n"
        "   0: 00000000:0FA0 00000000:0000 0A 00000000:00000000\n"
        "   1: 050013AC:0FA0 030013AC:BC30 01 00000000:00000000\n"
        "   2: 050013AC:0FA0 030013AC:BC31 06 00000000:00000000\n"
        "   3: 050013AC:BC32 030013AC:0FA0 01 00000000:00000000\n"
    )
    assert in_flight(table) == 1


def test_worker_that_does_not_listen_is_not_late() -> None:
    (port,) = free_ports(1)
    assert asyncio.run(answer_time(port)) is None
