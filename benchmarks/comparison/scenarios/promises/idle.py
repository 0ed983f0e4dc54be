"""What a gateway costs while nobody asks it: its own work, and the engine's health checks of its containers."""

import os
import time

from benchmarks.comparison.effort import Effort
from benchmarks.comparison.figures.metric import Metric
from benchmarks.comparison.figures.row import Values
from benchmarks.comparison.scenario import Scenario
from benchmarks.comparison.sides.gateways import PAIR, MeasuredGateway, both
from benchmarks.comparison.sides.usage import processor_seconds, used
from testbed.processors import busy_share

SECONDS, QUICK_SECONDS = 60, 3


def idle(gateway: MeasuredGateway, effort: Effort, _label: str) -> Values:
    """Measure the machine and the gateway's containers while no request arrives."""
    containers = gateway.containers
    before, begin = processor_seconds(containers), time.monotonic()
    with busy_share() as busy:
        time.sleep(effort.of(SECONDS, QUICK_SECONDS))
    minutes = (time.monotonic() - begin) / 60
    own = used(before, processor_seconds(containers))["all"]
    return {"machine": 60 * (os.cpu_count() or 1) * busy.share, "containers": own / minutes}


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
)
