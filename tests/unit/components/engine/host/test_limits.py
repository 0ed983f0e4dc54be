"""Limits that the kernel does not enforce are refused or warned of."""

import resource

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


@pytest.mark.parametrize(("most", "refused"), [(4095, True), (4096, False), (resource.RLIM_INFINITY, False)])
def test_rootless_engine_cannot_raise_the_user_s_limit(
    monkeypatch: pytest.MonkeyPatch, most: int, *, refused: bool
) -> None:
    monkeypatch.setattr(resource, "getrlimit", lambda _: (most, most))
    found = refusals({**COMPLETE, "SecurityOptions": ["name=rootless"]})
    assert [sentence.startswith("a rootless engine cannot give its containers 4096") for sentence in found] == (
        [True] if refused else []
    )
    assert refusals({**COMPLETE, "SecurityOptions": ["name=seccomp,profile=default"]}) == []


@pytest.mark.parametrize(
    ("name", "cure"), [("SwapLimit", "swapaccount=1"), ("CPUShares", "delegate `cpu`"), ("CPUSet", "delegate `cpuset`")]
)
def test_other_missing_controller_is_warned_of(name: str, cure: str) -> None:
    info = {**COMPLETE, name: False}
    assert refusals(info) == []
    (warning,) = warnings(info)
    assert warning.startswith("cgroup controller missing: ")
    assert cure in warning
