"""Whether memory grows with the requests that were answered."""

from benchmarks.attack import attack
from benchmarks.comparison.effort import Effort
from benchmarks.comparison.figures.metric import Goal, Metric, Subject
from benchmarks.comparison.figures.row import Values
from benchmarks.comparison.scenario import Scenario
from benchmarks.comparison.sides.gateways import PAIR, MeasuredGateway, both
from benchmarks.comparison.sides.usage import resident_mib
from testbed.wait import wait_until

CALLERS = 20
REQUESTS, QUICK_REQUESTS = 2000, 50
"""In each round."""
ROUNDS, SKIPPED = 33, 3
"""60,000 requests after the warm-up: each worker of prod is replaced some times."""
MOST_GROWTH = 1
"""MiB per 1,000 requests that the whole interval has to be below: a wide interval alone would hold 0 too."""
ROUND_SECONDS = 900
"""A round that takes longer is given up."""


def grown(gateway: MeasuredGateway, effort: Effort, label: str) -> Values:
    """Answer some requests; return the memory that LiteLLM holds then."""
    wanted = effort.of(REQUESTS, QUICK_REQUESTS)
    with attack([gateway.target()], 0, callers=CALLERS) as load:
        wait_until(lambda: gateway.answered() >= wanted, ROUND_SECONDS)
    assert not load.failed, f"{label}: {load.text()}"
    gateway.counted += len(load.answers)
    return {"requests": gateway.counted, "resident": resident_mib(gateway.containers)["litellm"]}


MEMORY = Scenario(
    name="memory",
    text=f"{REQUESTS} completions a round by {CALLERS} callers; the resident memory of the replica's processes after"
    f" each round. The first {SKIPPED} rounds warm up.",
    a="prod's settings",
    b="baseline's settings",
    group=PAIR,
    open=both(grown),
    metrics=(
        Metric(
            "resident",
            "growth of LiteLLM's memory, MiB per 1,000 requests",
            Goal(Subject.SLOPE, at_most=MOST_GROWTH, holds_zero=True),
            over="requests",
            per=1000,
            headline=True,
        ),
    ),
    full_rounds=ROUNDS,
    quick_rounds=2,
    skipped_rounds=SKIPPED,
    series=True,
)
