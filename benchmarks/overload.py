"""More load than the gateway can carry: health stays quick, refusal is quick and says when to come back."""

import os
import time
from contextlib import AbstractContextManager

from benchmarks.attack import Attack, Probe, attack
from benchmarks.changes import setting
from benchmarks.faults import keep
from benchmarks.finding import Finding
from benchmarks.gateway import QUEUE_TIMEOUT, Gateway

TIMES = 3
"""The load, in capacities."""
RECOVERY = 5
"""Seconds after the load, when a request is as quick as before."""
HEALTH_GOAL_MS = 5.0
HEALTH_P99 = "health while saturated: p99, ms"
PROBES_A_SECOND = 20
KEEPALIVE = 75
"""Seconds, as without a setting. It outlasts the load: a client that sends on a connection in the very moment in which
the edge closes it as idle gets no answer (RFC 9112, 9.5)."""
REFUSED = (429, 503)
WORK_SECONDS = 5
"""What an answer may take beside its wait in the queue."""


def probes(gateway: Gateway) -> AbstractContextManager[Attack]:
    """Ask for health while the body runs."""
    # With a priority of its own, where it may: its wait for a processor is not the gateway's.
    return attack([Probe(gateway.health_url)], PROBES_A_SECOND, nice=-15 if os.geteuid() == 0 else 0)


def overload(gateway: Gateway, capacity: float, seconds: int) -> list[Finding]:
    """Send three times what was measured to be possible, and ask for health meanwhile."""
    setting("edge.keepalive_timeout", KEEPALIVE)(gateway)
    with attack(gateway.targets(), TIMES * capacity) as load, probes(gateway) as health:
        time.sleep(seconds)
    time.sleep(RECOVERY)
    with attack(gateway.targets(), capacity / 4) as after:
        time.sleep(10)
    keep("overload", load)
    keep("health while saturated", health)
    refused = sum(answer.status in REFUSED for answer in load.answers)
    other = len(load.answers) - len(load.answered) - refused
    seen = f"{len(load.answers)} requests, {len(load.answered)} answered, {refused} refused"
    silent = sum(answer.status in REFUSED and not answer.retry_after for answer in load.answers)
    slowest = round(load.quantile(0.99), 2)
    return [
        Finding("overload: p99 of answered requests, s", slowest, QUEUE_TIMEOUT + WORK_SECONDS, seen),
        Finding("overload: neither answered nor refused by 429 or 503", other, 0, load.text()),
        Finding("overload: refusals without Retry-After", silent, 0, f"{refused} refusals"),
        Finding("5 s after overload: failed requests", len(after.answers) - len(after.answered), 0, after.text()),
        Finding(HEALTH_P99, round(1000 * health.quantile(0.99), 2), HEALTH_GOAL_MS,
                f"{len(health.answers)} probes in {seconds} s, p50 {1000 * health.quantile(0.5):.2f} ms"),
        Finding("health while saturated: false unhealthy", sum(health.failures.values()), 0,
                f"{len(health.answers)} probes"),
    ]  # fmt: skip
