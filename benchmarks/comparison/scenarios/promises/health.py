"""Health probes while every worker is busy."""

import time

from benchmarks.attack import Attack, attack
from benchmarks.comparison.effort import Effort
from benchmarks.comparison.figures.metric import Goal, Metric, Subject
from benchmarks.comparison.figures.row import Values
from benchmarks.comparison.scenario import Scenario
from benchmarks.comparison.scenarios.promises.load import CALLERS
from benchmarks.comparison.sides.gateways import PAIR, MeasuredGateway, both
from benchmarks.faults import keep
from benchmarks.overload import PROBES_A_SECOND
from benchmarks.overload import probes as ask
from components.engine.connection.client import connect

SECONDS, QUICK_SECONDS = 120, 5
"""For which every worker is busy, in each round."""
UNHEALTHY_SECONDS = 5
"""A probe that takes longer has failed: the time-out of the health check that the deployments have."""
LIVENESS = "/health/liveliness"
"""Of LiteLLM itself. The health port's own address has its path already."""


def probed(gateway: MeasuredGateway) -> str:
    """Return what a load balancer asks: the health port of prod, the proxy itself of baseline."""
    return gateway.health_url if gateway.health_port else f"{gateway.proxy_url}{LIVENESS}"


def unhealthy(probes: Attack) -> int:
    """Return how many probes would have counted as unhealthy."""
    return sum(bool(answer.failure) or answer.seconds > UNHEALTHY_SECONDS for answer in probes.answers)


def verdicts(stack: str, begin: float, end: float) -> int:
    """Return how often Docker called a container of the stack unhealthy, or saw it end."""
    events = connect().events(
        since=int(begin), until=int(end) + 1, decode=True,
        filters={"type": "container", "label": f"gateway.stack={stack}", "event": ["die", "health_status"]},
    )  # fmt: skip
    return sum(event["Action"] == "die" or "unhealthy" in event["Action"] for event in events)


def health(gateway: MeasuredGateway, effort: Effort, label: str) -> Values:
    """Ask for health while callers keep every worker busy."""
    begin = time.time()
    with ask(probed(gateway)) as probes, attack([gateway.target()], 0, callers=CALLERS) as load:
        time.sleep(effort.of(SECONDS, QUICK_SECONDS))
    keep(label, load)
    keep(f"{label} probes", probes)
    assert probes.answered, f"{label}: no probe was answered: {probes.text()}"
    return {
        "p99": 1000 * probes.quantile(0.99),
        "unhealthy": unhealthy(probes),
        "verdicts": verdicts(gateway.project.stack, begin, time.time()),
    }


NONE = Goal(Subject.VALUE, at_most=0)
HEALTH = Scenario(
    name="health",
    text=f"{CALLERS} callers keep all workers busy; {PROBES_A_SECOND} probes/s ask for health.",
    a="prod's settings, health port",
    b="baseline's settings, health on the proxy's port",
    group=PAIR,
    open=both(health),
    metrics=(
        Metric("p99", "health p99 while saturated, ms", Goal(Subject.VALUE, below=5), headline=True),
        Metric(
            "unhealthy",
            f"probes that failed or took over {UNHEALTHY_SECONDS} s, in {SECONDS // 60} min of saturation",
            NONE,
        ),
        Metric(
            "verdicts",
            f"unhealthy verdicts and restarts by Docker, in {SECONDS // 60} min of saturation",
            NONE,
            headline=True,
        ),
    ),
)
