"""What the edge and the ingress cost a request: processor time, and latency against the replica asked directly."""

import time
from collections.abc import Sequence
from dataclasses import dataclass

from benchmarks.admission.gateway import QUIET_MODEL, AdmissionGateway
from benchmarks.attack import Answer, Attack, Target, attack
from benchmarks.comparison.figures import statistics
from benchmarks.comparison.sides.usage import of_parts, processor_seconds
from benchmarks.faults import keep
from benchmarks.result import Result
from testbed.completion import CHAT
from testbed.container import ingress_url
from testbed.load import quantile

PART = "edge"
"""The edge and the ingress, among the parts whose processor time is read."""
CALLERS = 20
"""They keep the replica busy while processor time is read."""
PROCESSOR_GOAL_MS = 1.0
LATENCY_GOAL_PERCENT = 3.0
BLOCKS = 20
"""Blocks that the pairs are cut into, in the order in which they were sent."""


@dataclass(frozen=True)
class Plan:
    """How long is measured."""

    idle_seconds: float
    busy_seconds: float
    """With many callers, by the edge alone."""
    pair_seconds: float
    """With one caller, who asks by the edge and directly in turn."""


FULL, QUICK = Plan(10, 20, 120), Plan(3, 5, 8)


@dataclass(frozen=True)
class Window:
    """A time in which the processor time of the edge and the ingress was read."""

    begin: float
    """Unix time."""
    end: float
    processor: float
    """Seconds that they used."""

    @property
    def share(self) -> float:
        """How much of a processor they used."""
        return self.processor / (self.end - self.begin)

    def ended(self, load: Attack) -> int:
        """Return how many requests were answered in it."""
        return sum(self.begin <= each.sent + each.seconds < self.end for each in load.answered)


def measure(gateway: AdmissionGateway, plan: Plan) -> list[Result]:
    """Read processor time under load; then ask by the edge and directly, one request after the other."""
    gateway.provider()
    by_edge, directly = (
        Target(f"{url}{CHAT}", gateway.other_key, QUIET_MODEL)
        for url in (ingress_url(gateway.project), gateway.replica_url)
    )
    idle = _read(gateway, plan.idle_seconds)
    with attack([by_edge], 0, callers=CALLERS) as load:
        time.sleep(1)
        busy = _read(gateway, plan.busy_seconds)
    with attack([by_edge, directly], 0, callers=1) as pairs:
        time.sleep(plan.pair_seconds)
    keep("edge under load", load)
    keep("by the edge and directly in turn", pairs)
    return [*processor_results(idle, busy, load), *latency_results(pairs)]


def _read(gateway: AdmissionGateway, seconds: float) -> Window:
    containers = of_parts(gateway.project.containers(), (PART,))
    before, begin = processor_seconds(containers)[PART], time.time()
    time.sleep(seconds)
    return Window(begin, end=time.time(), processor=processor_seconds(containers)[PART] - before)


def processor_results(idle: Window, busy: Window, load: Attack) -> list[Result]:
    """Return what a request adds to the processor time that checks and the name server take anyway."""
    count, seconds = busy.ended(load), busy.end - busy.begin
    added = (busy.share - idle.share) * seconds / max(1, count)
    return [
        Result(
            "edge and ingress: processor time that a request adds, ms", round(1000 * added, 3), PROCESSOR_GOAL_MS,
            f"{count / seconds:.0f} requests/s by {CALLERS} callers; {100 * busy.share:.1f} % of a processor",
        ),
        Result("edge and ingress: processor time without requests, %", round(100 * idle.share, 1), None,
                f"of a processor, in {idle.end - idle.begin:.0f} s; the containers' health checks are part of it"),
    ]  # fmt: skip


def latency_results(load: Attack) -> list[Result]:
    """Return how much longer an answer takes by the edge: of requests sent by the edge and directly in turn."""
    by_edge, directly = split(load.answers)
    longer = statistics.ratio(*(typical_seconds(side) for side in (by_edge, directly)))
    if longer is None or longer.low is None or longer.high is None:
        raise RuntimeError(f"too few requests were answered to compare the edge with the replica: {load.text()}")
    percent, low, high = (100 * (each - 1) for each in (longer.value, longer.low, longer.high))
    medians = [1000 * quantile([each.seconds for each in side], 0.5) for side in (by_edge, directly)]
    return [
        Result("edge and ingress: failed requests, beside direct ones", load.failed, 0, load.text()),
        Result(
            "edge and ingress: latency added, %, upper end of the 95 % interval", round(high, 2), LATENCY_GOAL_PERCENT,
            f"{percent:.2f}, {low:.2f} to {high:.2f}; {len(by_edge)} pairs in turn, one caller, both on the Docker"
            " network, no wait at the provider;"
            f" p50 {medians[0]:.2f} ms by the edge, {medians[1]:.2f} ms directly",
        ),
    ]  # fmt: skip


def typical_seconds(answers: Sequence[Answer]) -> list[float]:
    """Return the geometric mean of each block of answers: neighbours resemble each other, blocks do not."""
    size = max(1, len(answers) // BLOCKS)
    blocks = [answers[begin : begin + size] for begin in range(0, len(answers) - size + 1, size)]
    return [statistics.typical([each.seconds for each in block]) for block in blocks]


def split(answers: Sequence[Answer]) -> tuple[list[Answer], list[Answer]]:
    """Divide answers to requests that were sent to two targets in turn; pairs in which one failed are left out."""
    ordered = sorted(answers, key=lambda answer: answer.sent)
    pairs = [pair for pair in zip(ordered[::2], ordered[1::2], strict=False) if not any(each.failure for each in pair)]
    return [first for first, _ in pairs], [second for _, second in pairs]
