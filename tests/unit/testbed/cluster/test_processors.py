"""How busy the machine's processors are."""

import time

from testbed.cluster.processors import busy_share


def test_share_is_that_of_all_processors() -> None:
    with busy_share() as idle:
        time.sleep(0.3)
    with busy_share() as busy:
        end = time.monotonic() + 0.3
        while time.monotonic() < end:
            pass
    assert 0 <= idle.share <= 1
    assert 0 < busy.share <= 1
