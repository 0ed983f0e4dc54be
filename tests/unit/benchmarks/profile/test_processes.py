"""A process's time is what the kernel says of it."""

import os

import pytest

from benchmarks.profile.processes import seconds

TEXT = "26865 ({name}) S 26828 1 1 0 -1 4194560 6650 0 12 0 {user} {system} 0 0 20 0 11 0 4710 1208 5412 1844 1 1 0\n"


@pytest.mark.parametrize("name", ["query-engine", "a name) (with brackets"])
def test_a_process_s_time_is_its_own_and_the_kernel_s_for_it(name: str) -> None:
    ticks = os.sysconf("SC_CLK_TCK")
    assert seconds(TEXT.format(name=name, user=2 * ticks, system=ticks // 2)) == 2.5
