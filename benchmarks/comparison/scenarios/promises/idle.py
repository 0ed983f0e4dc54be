"""What a gateway costs while nobody asks it: its own work, and the engine's health checks of its containers."""

import os
import time
from pathlib import Path

from benchmarks.comparison.effort import Effort
from benchmarks.comparison.figures.metric import Metric
from benchmarks.comparison.figures.row import Values
from benchmarks.comparison.scenario import Scenario
from benchmarks.comparison.sides.gateways import PAIR, MeasuredGateway, both
from benchmarks.comparison.sides.usage import processor_seconds

SECONDS, QUICK_SECONDS = 60, 3
IDLE = ("idle", "iowait")
STATES = ("user", "nice", "system", *IDLE, "irq", "softirq", "steal")
"""What the kernel counts for all processors together, in this order (https://man7.org/linux/man-pages/man5/proc_stat.5.html)."""


def busy_seconds(statistics: str) -> float:
    """Return the seconds in which the machine's processors have worked, by the text of /proc/stat."""
    counts = dict(zip(STATES, statistics.split()[1:], strict=False))
    return sum(int(count) for state, count in counts.items() if state not in IDLE) / os.sysconf("SC_CLK_TCK")


def idle(gateway: MeasuredGateway, effort: Effort, _label: str) -> Values:
    """Measure the machine and the gateway's containers while no request arrives."""
    containers, statistics = gateway.containers, Path("/proc/stat")
    before, own, begin = busy_seconds(statistics.read_text()), processor_seconds(containers), time.monotonic()
    time.sleep(effort.of(SECONDS, QUICK_SECONDS))
    after, minutes = busy_seconds(statistics.read_text()), (time.monotonic() - begin) / 60
    used = sum(processor_seconds(containers).values()) - sum(own.values())
    return {"machine": (after - before) / minutes, "containers": used / minutes}


IDLE_GATEWAY = Scenario(
    name="idle",
    text="No requests. The whole machine's work has what the engine does beside the containers, such as starting the"
    " commands of their health checks; that of the containers has those commands.",
    a="prod's settings",
    b="baseline's settings",
    group=PAIR,
    open=both(idle),
    metrics=(
        Metric("machine", "idle: processor seconds a minute, whole machine"),
        Metric("containers", "idle: processor seconds a minute, the gateway's containers"),
    ),
    in_quick=False,
)
