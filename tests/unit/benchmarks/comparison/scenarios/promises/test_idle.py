"""The machine's work, as /proc/stat counts it."""

import os
from pathlib import Path

from benchmarks.comparison.scenarios.promises.idle import busy_seconds

STATISTICS = "cpu  100 20 30 4000 500 6 7 8 900 90\ncpu0 1 1 1 1 1 1 1 1 1 1\n"


def test_idle_time_and_guests_which_are_in_user_time_are_not_counted() -> None:
    assert busy_seconds(STATISTICS) * os.sysconf("SC_CLK_TCK") == 100 + 20 + 30 + 6 + 7 + 8


def test_work_of_this_machine_grows() -> None:
    file = Path("/proc/stat")
    before = busy_seconds(file.read_text())
    sum(range(3_000_000))
    assert busy_seconds(file.read_text()) > before
