"""More load than the gateway can carry: health stays quick, refusal is quick and says when to come back."""

import os
import time
from contextlib import AbstractContextManager

from benchmarks.attack import Attack, Probe, attack
from benchmarks.changes import setting
from benchmarks.faults import keep
from benchmarks.finding import Finding
from benchmarks.floor import bare
from benchmarks.gateway import QUEUE_TIMEOUT, Gateway

TIMES = 3
"""The load, in capacities."""
RECOVERY = 5
"""Seconds after the load, when a request is as quick as before."""
HEALTH_GOAL_MS = 5.0
HEALTH_P99 = "health while saturated: p99, ms,"
SHARED, SPARED = "workers on all processors", "a processor left by litellm.cpu_set"
PROBES_A_SECOND = 20
KEEPALIVE = 75
"""Seconds, as without a setting. It outlasts the load: a client that sends on a connection in the very moment in which
the edge closes it as idle gets no answer (RFC 9112, 9.5)."""
REFUSED = (429, 503)
WORK_SECONDS = 5
"""What an answer may take beside its wait in the queue."""


def probes(url: str) -> AbstractContextManager[Attack]:
    """Ask for health while the body runs."""
    # With a priority of its own, where it may: its wait for a processor is not the gateway's.
    return attack([Probe(url)], PROBES_A_SECOND, nice=-15 if os.geteuid() == 0 else 0)


def overload(gateway: Gateway, capacity: float, seconds: int) -> list[Finding]:
    """Send three times what was measured to be possible, and ask for health meanwhile."""
    with attack(gateway.targets(), TIMES * capacity) as load, probes(gateway.health_url) as health:
        time.sleep(seconds)
    time.sleep(RECOVERY)
    with attack(gateway.targets(), capacity / 4) as after:
        time.sleep(10)
    keep("overload", load)
    keep("health during overload", health)
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
        Finding("health during overload: false unhealthy", sum(health.failures.values()), 0,
                f"{timed(health)}, p99 {milliseconds(health, 0.99)} ms"),
    ]  # fmt: skip


def saturation(gateway: Gateway, seconds: int) -> list[Finding]:
    """Keep every worker busy, by 20 callers that each wait for their answer, and ask for health meanwhile.

    What has nothing to do but answer is asked beside it.
    """
    with (
        bare(gateway) as floor_url,
        attack(gateway.targets(), rate=0) as load,
        probes(gateway.health_url) as health,
        probes(floor_url) as floor,
    ):
        time.sleep(seconds)
    where = SPARED if gateway.spared else SHARED
    keep(f"health {where}", health)
    keep(f"floor {where}", floor)
    answered = len(load.answered) / seconds
    return [
        Finding(f"{HEALTH_P99} {where}", milliseconds(health, 0.99), HEALTH_GOAL_MS,
                f"{timed(health)}; {answered:.0f} requests/s answered, p99 {load.quantile(0.99):.2f} s"),
        Finding(f"a bare HAProxy beside it: p99, ms, {where}", milliseconds(floor, 0.99), None, timed(floor)),
        Finding(f"false unhealthy in {seconds} s, {where}", sum(health.failures.values()), 0, timed(health)),
        Finding(f"failed requests: {where}", len(load.answers) - len(load.answered), 0, load.text()),
    ]  # fmt: skip


def spare(gateway: Gateway) -> None:
    """Leave the first processor to all but the replicas, and keep connections for longer than the load lasts."""
    gateway.project.change("gateway:edge.keepalive_timeout", KEEPALIVE)
    setting("litellm.cpu_set", "1-")(gateway)


def milliseconds(load: Attack, share: float) -> float:
    """Give a quantile of the good answers' times."""
    return round(1000 * load.quantile(share), 2)


def timed(load: Attack) -> str:
    """Say how many probes there were, and how quick most of them."""
    return f"{len(load.answers)} probes, p50 {milliseconds(load, 0.5)} ms"
