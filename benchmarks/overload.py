"""More load than the gateway can carry: health stays quick, refusal is quick and says when to come back."""

import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from threading import Event

import httpx

from benchmarks.attack import attack
from benchmarks.faults import keep
from benchmarks.finding import Finding
from benchmarks.gateway import QUEUE_TIMEOUT, Gateway

TIMES = 3
"""The load, in capacities."""
RECOVERY = 5
"""Seconds after the load, when a request is as quick as before."""
HEALTH_GOAL_MS = 5.0
HEALTH_EACH = 0.05
REFUSED = (429, 503)
WORK_SECONDS = 5
"""What an answer may take beside its wait in the queue."""


def overload(gateway: Gateway, capacity: float, seconds: int) -> list[Finding]:
    """Send three times what was measured to be possible, and ask for health meanwhile."""
    enough = Event()
    with ThreadPoolExecutor(1) as pool:
        asked = pool.submit(ask_health, gateway.health_url, enough)
        with attack(gateway.targets(), TIMES * capacity) as load:
            time.sleep(seconds)
        enough.set()
        health, unhealthy = asked.result()
    time.sleep(RECOVERY)
    with attack(gateway.targets(), capacity / 4) as after:
        time.sleep(10)
    keep("overload", load)
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
        Finding("health while saturated: p99, ms", round(1000 * quantile(health), 2), HEALTH_GOAL_MS,
                f"{len(health)} probes in {seconds} s, p50 {1000 * quantile(health, 0.5):.2f} ms"),
        Finding("health while saturated: false unhealthy", unhealthy, 0, f"{len(health)} probes"),
    ]  # fmt: skip


def ask_health(url: str, enough: Event) -> tuple[list[float], int]:
    """Ask again and again; give the seconds of each answer, and how many were not 200."""
    times, unhealthy = [], 0
    with httpx.Client(timeout=5) as client:
        while not enough.wait(HEALTH_EACH):
            begin = time.perf_counter()
            try:
                unhealthy += client.get(url).status_code != httpx.codes.OK
            except httpx.HTTPError:
                unhealthy += 1
            times.append(time.perf_counter() - begin)
    return times, unhealthy


def quantile(times: Sequence[float], share: float = 0.99) -> float:
    """Give a quantile."""
    return sorted(times)[min(len(times) - 1, int(share * len(times)))]
