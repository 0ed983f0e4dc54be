"""What Postgres does at the same load."""

import time
from dataclasses import asdict

from benchmarks.attack import attack
from benchmarks.comparison.effort import Effort
from benchmarks.comparison.figures.metric import Goal, Metric
from benchmarks.comparison.figures.row import Values
from benchmarks.comparison.scenario import Scenario
from benchmarks.comparison.sides.gateways import PAIR, MeasuredGateway, both
from benchmarks.comparison.sides.usage import database_work
from benchmarks.faults import keep

RATE = 5
"""Requests a second, which both sides carry easily."""
WRITE_INTERVAL = 60
"""Seconds between prod's writes: the time is a multiple, so that each side's share of them is in it."""

FEWER = Goal(at_most=0.2)


def work(gateway: MeasuredGateway, effort: Effort, label: str) -> Values:
    """Count transactions and rows while requests arrive at a steady rate."""
    with attack([gateway.target()], RATE) as load:
        # So that what earlier requests left is written.
        time.sleep(effort.of(WRITE_INTERVAL, 0))
        before, begin = database_work(gateway.project), time.monotonic()
        time.sleep(effort.of(2 * WRITE_INTERVAL, 5))
        after, minutes = database_work(gateway.project), (time.monotonic() - begin) / 60
    keep(label, load)
    assert not load.failed, f"{label}: {load.text()}"
    first, last = asdict(before), asdict(after)
    return {name: (last[name] - first[name]) / minutes for name in first}


DATABASE = Scenario(
    name="database",
    text=f"{RATE} requests/s; what Postgres counts. Most transactions only read: those of the monitoring, and of each"
    " worker that looks for settings and jobs.",
    a="prod's settings",
    b="baseline's settings",
    group=PAIR,
    open=both(work),
    metrics=(
        Metric("writes", f"Postgres transactions that write, a minute at {RATE} requests/s", FEWER, headline=True),
        Metric("transactions", f"Postgres transactions a minute at {RATE} requests/s", FEWER, headline=True),
        Metric("rows", f"rows written a minute at {RATE} requests/s", FEWER),
    ),
)
