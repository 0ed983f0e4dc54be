"""How many answers a gateway has in flight before its own time grows, or a request fails."""

import time
from collections.abc import Callable
from dataclasses import dataclass, replace

from benchmarks.attack import Attack, Target, attack
from benchmarks.comparison.effort import Effort
from benchmarks.comparison.figures.metric import Goal, Metric
from benchmarks.comparison.figures.row import Values
from benchmarks.comparison.scenario import Scenario
from benchmarks.comparison.sides.gateways import PAIR, MeasuredGateway, both
from benchmarks.faults import keep
from components.mock_provider.routes import PORT
from testbed.container import address
from testbed.load import quantile
from testbed.mock_provider import provider_id

OWN_SECONDS = 0.5
"""Most of the gateway's own time, p99."""
STEPS_AN_OCTAVE = 4
"""Levels: each has 19 % more answers in flight than the one before."""
FIRST_LEVEL, QUICK_LEVEL, LAST_LEVEL = 0, 8, 40
"""1, 4 and 1,024 answers in flight: the lowest, the highest of a quick run, and of any."""
DIRECT_SECONDS = 3
PROVIDER_PATH = "/ollama/api/chat"
"""By which LiteLLM asks the provider of the load's model."""


@dataclass(frozen=True)
class Answers:
    """How long the provider's answers take, and for how long a level is watched."""

    stream: bool
    seconds: float
    """Of one answer, by the provider's settings."""
    chunks: int
    start: int
    """Level at which a search begins."""
    window: float
    """Seconds in which the requests are sent that count, once as many are in flight as wanted."""

    def provider(self) -> dict[str, int]:
        """Return the settings of the mock provider."""
        if self.stream:
            return {"chunk_latency_ms": round(1000 * self.seconds / self.chunks), "chunks": self.chunks}
        return {"latency_ms": round(1000 * self.seconds)}


def in_flight(level: int) -> float:
    """Return how many answers are in flight at a level; 0 below the first."""
    return float(2 ** (level / STEPS_AN_OCTAVE)) if level >= FIRST_LEVEL else 0.0


def highest(good: Callable[[int], bool], start: int, first: int = FIRST_LEVEL, last: int = LAST_LEVEL) -> int:
    """Return the highest good level, beginning near `start`; `first` - 1 when none is good.

    It steps by one octave until it has a good level and a bad one, and then halves what is between. It takes for
    granted that below a good level all are good.
    """
    low, high, level = first - 1, last + 1, min(max(start, first), last)
    step = STEPS_AN_OCTAVE
    while high - low > 1:
        if good(level):
            low = level
            level = level + step if high > last and level + step <= last else (low + high) // 2
        else:
            high = level
            level = level - step if low < first and level - step >= first else (low + high) // 2
    return low


def provider_seconds(gateway: MeasuredGateway, answers: Answers) -> float:
    """Return how long an answer of the provider itself takes, asked without the gateway: the median."""
    host = address(gateway.project, gateway.project.container("provider"))
    target = gateway.target(stream=answers.stream)
    direct = Target(f"http://{host}:{PORT}{PROVIDER_PATH}", "mock", provider_id(target.model), stream=answers.stream)
    with attack([direct], 4) as load:
        time.sleep(DIRECT_SECONDS)
    assert not load.failed, f"the provider itself: {load.text()}"
    return load.quantile(0.5)


def holds(load: Attack, begin: float, end: float, provider: float) -> bool:
    """Return whether no request failed, and the gateway's own time of those sent in that time has a good p99."""
    own = [answer.seconds - provider for answer in load.answered if begin <= answer.sent < end]
    return not load.failed and quantile(own, 0.99) < OWN_SECONDS


def search(answers: Answers, quick: Answers) -> Callable[[MeasuredGateway, Effort, str], Values]:
    """Return the measurement of the most answers in flight."""

    def measure(gateway: MeasuredGateway, effort: Effort, label: str) -> Values:
        kind = effort.of(answers, quick)
        gateway.provider(**kind.provider())
        provider = provider_seconds(gateway, kind)

        def good(level: int) -> bool:
            with attack([gateway.target(stream=kind.stream)], in_flight(level) / kind.seconds) as load:
                # After the provider's own time as many are in flight as wanted.
                time.sleep(kind.seconds)
                begin = time.time()
                time.sleep(kind.window)
                end = time.time()
                # As many stay in flight until the last request that counts is answered.
                time.sleep(kind.seconds + OWN_SECONDS)
            keep(f"{label} level {level}", load)
            return holds(load, begin, end, provider)

        level = highest(good, kind.start, last=effort.of(LAST_LEVEL, QUICK_LEVEL))
        return {"in_flight": in_flight(level), "provider": provider}

    return measure


PLAIN = Answers(stream=False, seconds=1, chunks=8, start=16, window=15)
STREAMED = Answers(stream=True, seconds=30, chunks=300, start=22, window=20)
FIVE_TIMES = Goal(at_least=5)
IN_FLIGHT = Scenario(
    name="in-flight",
    text=f"Requests at a steady rate to a provider that takes {PLAIN.seconds:.0f} s: the most answers in flight at"
    f" which p99 of the gateway's own time is under {1000 * OWN_SECONDS:.0f} ms and no request fails.",
    a="prod's settings",
    b="baseline's settings",
    group=PAIR,
    open=both(search(PLAIN, replace(PLAIN, window=3))),
    metrics=(Metric("in_flight", "most answers in flight, provider 1 s", FIVE_TIMES, headline=True),),
)
STREAMS_IN_FLIGHT = Scenario(
    name="streams-in-flight",
    text=f"The same with streams of {STREAMED.seconds:.0f} s and ten chunks a second. Of fewer than 100 streams, which"
    " are those of less than 150 in flight, the p99 is the slowest.",
    a="prod's settings",
    b="baseline's settings",
    group=PAIR,
    open=both(search(STREAMED, replace(STREAMED, seconds=2, chunks=20, window=3))),
    metrics=(Metric("in_flight", "most streams of 30 s in flight", FIVE_TIMES, headline=True),),
)
