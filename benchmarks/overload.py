"""More load than the gateway can carry: health stays quick, refusal is quick and says when to come back."""

import os
import time
from contextlib import AbstractContextManager

from benchmarks.attack import Attack, Probe, attack
from benchmarks.faults import keep
from benchmarks.finding import Finding
from benchmarks.floor import bare
from benchmarks.gateway import QUEUE_TIMEOUT, Gateway

TIMES = 3
"""The overload, in capacities."""
RECOVERY = 5
"""Seconds after the load, when a request is as quick as before."""
HEALTH_P99 = "health while saturated: p99, ms"
HEALTH_GOAL_MS = 5.0
PROBES_A_SECOND = 20
REFUSED = (429, 503)
WORK_SECONDS = 5
"""What an answer may take beside its wait in the queue."""


def probes(url: str) -> AbstractContextManager[Attack]:
    """Ask for health while the body runs."""
    # With a priority of its own, where it may: its wait for a processor is not the gateway's.
    return attack([Probe(url)], PROBES_A_SECOND, nice=-15 if os.geteuid() == 0 else 0)


def overload(gateway: Gateway, capacity: float, busy_seconds: int, overload_seconds: int) -> list[Finding]:
    """Keep every worker busy, then send three times what was measured to be possible, and ask for health meanwhile.

    20 callers that each wait for their answer keep workers busy and overload nothing. What has nothing to do but
    answer is asked beside the gateway's health.
    """
    with bare(gateway) as floor_url, probes(gateway.health_url) as health, probes(floor_url) as floor:
        with attack(gateway.targets(), rate=0) as busy:
            time.sleep(busy_seconds)
        with attack(gateway.targets(), TIMES * capacity) as load:
            time.sleep(overload_seconds)
    time.sleep(RECOVERY)
    with attack(gateway.targets(), capacity / 4) as after:
        time.sleep(10)
    for name, each in (("health while saturated", health), ("a bare HAProxy", floor), ("overload", load)):
        keep(name, each)
    rate = len(busy.answered) / busy_seconds
    return [
        *health_findings(health, floor, busy_seconds + overload_seconds),
        Finding("failed requests: workers saturated", busy.failed, 0, f"{rate:.0f} requests/s; {busy.text()}"),
        *refusal_findings(load),
        Finding("5 s after overload: failed requests", after.failed, 0, after.text()),
    ]


def health_findings(health: Attack, floor: Attack, seconds: int) -> list[Finding]:
    """Judge how health was answered meanwhile."""
    return [
        Finding(HEALTH_P99, milliseconds(health, 0.99), HEALTH_GOAL_MS, timed(health)),
        Finding("a bare HAProxy in Docker's own cgroup, at the same time: p99, ms", milliseconds(floor, 0.99), None,
                timed(floor)),
        Finding(f"false unhealthy in {seconds} s of saturation", health.failed, 0, timed(health)),
    ]  # fmt: skip


def refusal_findings(load: Attack) -> list[Finding]:
    """Judge what an overload was answered."""
    refused = [answer for answer in load.answers if answer.status in REFUSED]
    seen = f"{len(load.answers)} requests, {len(load.answered)} answered, {len(refused)} refused"
    silent = sum(not answer.retry_after for answer in refused)
    return [
        Finding("overload: p99 of answered requests, s", round(load.quantile(0.99), 2), QUEUE_TIMEOUT + WORK_SECONDS,
                seen),
        Finding("overload: neither answered nor refused by 429 or 503", load.failed - len(refused), 0, load.text()),
        Finding("overload: refusals without Retry-After", silent, 0, f"{len(refused)} refusals"),
    ]  # fmt: skip


def milliseconds(load: Attack, share: float) -> float:
    """Give a quantile of the good answers' times."""
    return round(1000 * load.quantile(share), 2)


def timed(load: Attack) -> str:
    """Say how many probes there were, and how quick most of them."""
    return f"{len(load.answers)} probes, p50 {milliseconds(load, 0.5)} ms"
