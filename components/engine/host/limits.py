"""Whether the kernel enforces the limits that the containers are given. Docker drops those that it cannot set."""

from collections.abc import Mapping
from typing import Any

CURES = (
    "for a rootless engine delegate the controllers (https://rootlesscontaine.rs/getting-started/common/cgroup2/), "
    "on a Raspberry Pi add `cgroup_enable=memory` to the kernel's command line"
)
ADVISED = {
    "SwapLimit": "swap: containers may use it beyond their memory; add `swapaccount=1` to the kernel's command line",
    "CPUSet": "cpuset: `litellm.cpuset` has no effect; delegate `cpuset`",
    "CPUShares": "cpu: containers would share the processors evenly, the edge with busy workers; delegate `cpu`",
}
"""Without them a stack runs, and `pulumi up --refresh` shows a difference each time."""


def refusals(info: Mapping[str, Any]) -> list[str]:
    """Return a sentence when the containers would run without limits. Facts that `docker info` lacks count as there."""
    if info.get("MemoryLimit") is not False:
        return []
    return [f"cgroup controller memory is missing: containers would have no memory limit; {CURES}"]


def warnings(info: Mapping[str, Any]) -> list[str]:
    """Return a sentence for each missing controller that a stack can do without."""
    return [f"cgroup controller missing: {sentence}" for name, sentence in ADVISED.items() if info.get(name) is False]
