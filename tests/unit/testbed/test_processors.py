"""How busy the machine's processors are."""

import time

from testbed.processors import STAT, busy_share, times

STATISTICS = "cpu  100 20 30 4000 500 6 7 8 900 90\ncpu0 1 1 1 1 1 1 1 1 1 1\n"


def test_time_of_guests_is_counted_once_and_waiting_is_idle() -> None:
    everything, idle = times(STATISTICS)
    assert everything - idle == 100 + 20 + 30 + 6 + 7 + 8


def test_work_of_this_machine_grows() -> None:
    before = times(STAT.read_text())
    sum(range(3_000_000))
    after = times(STAT.read_text())
    assert after[0] - after[1] > before[0] - before[1]


def test_share_is_that_of_all_processors() -> None:
    with busy_share() as idle:
        time.sleep(0.3)
    with busy_share() as busy:
        end = time.monotonic() + 0.3
        while time.monotonic() < end:
            pass
    assert 0 <= idle.share <= 1
    assert 0 < busy.share <= 1
