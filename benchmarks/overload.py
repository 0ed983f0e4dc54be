"""More load than the gateway can carry: health stays quick, and requests are refused in time."""

import os
import time
from contextlib import AbstractContextManager

from benchmarks.attack import Attack, Probe, attack
from benchmarks.bare_haproxy import bare_haproxy
from benchmarks.faults import keep
from benchmarks.gateway import QUEUE_TIMEOUT, BenchmarkGateway
from benchmarks.result import Result

TIMES = 3
"""How many times its capacity the gateway gets."""
RECOVERY_SECONDS = 5
"""After the overload, until requests are as quick as before."""
HEALTH_P99 = "health while saturated: p99, ms"
HEALTH_GOAL_MS = 5.0
PROBES_A_SECOND = 20
REFUSED = (429, 503)
WORK_SECONDS = 5
"""What an answer may take besides its wait in the queue."""


def probes(url: str) -> AbstractContextManager[Attack]:
    """Ask for health while the body runs."""
    # At a higher priority where that is allowed: the prober's own wait for a processor is not the gateway's.
    return attack([Probe(url)], PROBES_A_SECOND, nice=-15 if os.geteuid() == 0 else 0)


def overload(gateway: BenchmarkGateway, capacity: float, busy_seconds: int, overload_seconds: int) -> list[Result]:
    """Keep every worker busy, then send three times the capacity; ask for health all the time.

    20 callers that each wait for their answer keep the workers busy without an overload. A bare HAProxy is asked
    at the same time as the gateway's health, to compare.
    """
    with bare_haproxy(gateway.project) as bare_url, probes(gateway.health_url) as health, probes(bare_url) as bare:
        with attack(gateway.targets(), rate=0) as busy:
            time.sleep(busy_seconds)
        with attack(gateway.targets(), TIMES * capacity) as load:
            time.sleep(overload_seconds)
    time.sleep(RECOVERY_SECONDS)
    with attack(gateway.targets(), capacity / 4) as after:
        time.sleep(10)
    for name, each in (("health while saturated", health), ("a bare HAProxy", bare), ("overload", load)):
        keep(name, each)
    rate = len(busy.answered) / busy_seconds
    return [
        *health_results(health, bare, busy_seconds + overload_seconds),
        Result("failed requests: workers saturated", busy.failed, 0, f"{rate:.0f} requests/s; {busy.text()}"),
        *refusal_results(load),
        Result("5 s after overload: failed requests", after.failed, 0, after.text()),
    ]


def health_results(health: Attack, bare: Attack, seconds: int) -> list[Result]:
    """Return how health was answered."""
    return [
        Result(HEALTH_P99, milliseconds(health, 0.99), HEALTH_GOAL_MS, timed(health)),
        Result("a bare HAProxy in Docker's own cgroup, at the same time: p99, ms", milliseconds(bare, 0.99), None,
                timed(bare)),
        Result(f"false unhealthy in {seconds} s of saturation", health.failed, 0, timed(health)),
    ]  # fmt: skip


def refusal_results(load: Attack) -> list[Result]:
    """Return how the overload was answered."""
    refused = [answer for answer in load.answers if answer.status in REFUSED]
    seen = f"{len(load.answers)} requests, {len(load.answered)} answered, {len(refused)} refused"
    silent = sum(not answer.retry_after for answer in refused)
    return [
        Result("overload: p99 of answered requests, s", round(load.quantile(0.99), 2), QUEUE_TIMEOUT + WORK_SECONDS,
                seen),
        Result("overload: neither answered nor refused by 429 or 503", load.failed - len(refused), 0, load.text()),
        Result("overload: refusals without Retry-After", silent, 0, f"{len(refused)} refusals"),
    ]  # fmt: skip


def milliseconds(load: Attack, share: float) -> float:
    """Return a quantile of the good answers' times."""
    return round(1000 * load.quantile(share), 2)


def timed(load: Attack) -> str:
    """Summarize the probes."""
    return f"{len(load.answers)} probes, p50 {milliseconds(load, 0.5)} ms"
