"""Whether the kernel enforces the limits that the containers are given. Docker drops those that it cannot set."""

import resource
from collections.abc import Mapping
from typing import Any

from components.engine.workload import Workload

CURES = (
    "for a rootless engine delegate the controllers (https://rootlesscontaine.rs/getting-started/common/cgroup2/), "
    "on a Raspberry Pi add `cgroup_enable=memory` to the kernel's command line"
)
PROCESSES = Workload.processes
ADVISED = {
    "SwapLimit": "swap: containers may use it beyond their memory; add `swapaccount=1` to the kernel's command line",
    "CPUSet": "cpuset: `litellm.cpuset` has no effect; delegate `cpuset`",
    "CPUShares": "cpu: containers would share the processors evenly, the edge with busy workers; delegate `cpu`",
}
"""Without them a stack runs, and `pulumi up --refresh` shows a difference each time."""


def refusals(info: Mapping[str, Any]) -> list[str]:
    """Return a sentence when the containers would run without limits. Facts that `docker info` lacks count as there."""
    found = []
    if info.get("MemoryLimit") is False:
        found.append(f"cgroup controller memory is missing: containers would have no memory limit; {CURES}")
    if "name=rootless" in (info.get("SecurityOptions") or ()):
        found += _rootless(resource.getrlimit(resource.RLIMIT_NPROC)[1])
    return found


def _rootless(most: int) -> list[str]:
    """Return a sentence when a user may start fewer processes than a container's limit: only root raises a limit."""
    if most in {resource.RLIM_INFINITY, -1} or most >= PROCESSES:
        return []
    return [
        (
            f"a rootless engine cannot give its containers {PROCESSES} processes: this user may start {most}"
            " (`ulimit -Hu`); raise nproc in /etc/security/limits.conf"
        )
    ]


def warnings(info: Mapping[str, Any]) -> list[str]:
    """Return a sentence for each missing controller that a stack can do without."""
    return [f"cgroup controller missing: {sentence}" for name, sentence in ADVISED.items() if info.get(name) is False]
