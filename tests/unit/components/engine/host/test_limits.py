"""Limits that the kernel does not enforce are refused or warned of."""

import pytest

from components.engine.host.limits import refusals, warnings

COMPLETE = {"MemoryLimit": True, "SwapLimit": True, "CPUShares": True, "CPUSet": True}


def test_host_with_every_controller_is_accepted() -> None:
    assert refusals(COMPLETE) == warnings(COMPLETE) == []
    assert refusals({}) == warnings({}) == []


def test_containers_without_a_memory_limit_are_refused() -> None:
    (refusal,) = refusals({**COMPLETE, "MemoryLimit": False})
    assert refusal.startswith("cgroup controller memory is missing: ")
    assert "cgroup_enable=memory" in refusal


@pytest.mark.parametrize(
    ("name", "cure"), [("SwapLimit", "swapaccount=1"), ("CPUShares", "delegate `cpu`"), ("CPUSet", "delegate `cpuset`")]
)
def test_other_missing_controller_is_warned_of(name: str, cure: str) -> None:
    info = {**COMPLETE, name: False}
    assert refusals(info) == []
    (warning,) = warnings(info)
    assert warning.startswith("cgroup controller missing: ")
    assert cure in warning
