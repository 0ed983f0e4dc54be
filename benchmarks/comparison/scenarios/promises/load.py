"""Completions and streams as fast as a gateway answers them: rate, latency, and processor time by part."""

import time
from contextlib import AbstractContextManager, nullcontext

from benchmarks.attack import Attack, Target, attack
from benchmarks.comparison.effort import Effort
from benchmarks.comparison.figures.metric import Goal, Metric, Subject
from benchmarks.comparison.figures.row import Values
from benchmarks.comparison.scenario import Scenario
from benchmarks.comparison.sides.gateways import MOST_FAILED, PAIR, MeasuredGateway, both
from benchmarks.comparison.sides.usage import PARTS, processor_seconds, used
from benchmarks.faults import keep
from testbed.load import quantile

CALLERS = 50
"""Requests in flight."""
STREAM_CALLERS = 20
CHUNKS, CHUNK_LATENCY_MS = 200, 10
QUICK_CHUNKS = 20
SECONDS, QUICK_SECONDS = 30, 3
"""For which a gateway is loaded."""
SETTLE_SECONDS = 2
"""At the beginning, in which the callers meet: not in the figures."""
NONE_FAILED = Goal(Subject.VALUE, at_most=0)
LESS_PROCESSOR_TIME = Goal(at_most=0.4)


def processor_metrics(per: str) -> tuple[Metric, ...]:
    """Return the rows of processor time: of all parts together, and of each."""
    return (
        Metric("processor_all", f"processor seconds per {per}", LESS_PROCESSOR_TIME, headline=True),
        *(Metric(f"processor_{part}", f"processor seconds per {per}: {name}") for part, name in PARTS.items()),
    )


def measure_load(
    target: Target,
    gateway: MeasuredGateway,
    seconds: float,
    label: str,
    *,
    callers: int = CALLERS,
    meanwhile: AbstractContextManager[object] | None = None,
) -> tuple[Attack, float, dict[str, float]]:
    """Load a gateway with callers that each wait for their answer.

    Args:
        target: what they ask.
        gateway: whose processor time is measured.
        seconds: for how long.
        label: under which each request is kept.
        callers: how many.
        meanwhile: is open while the gateway is measured.

    Returns:
        the answers, the seconds in which they came, and the processor seconds of each part meanwhile.
    """
    with attack([target], 0, kept=gateway.kept, callers=callers) as load:
        time.sleep(SETTLE_SECONDS)
        with meanwhile or nullcontext():
            containers = gateway.containers
            before, begin = processor_seconds(containers), time.time()
            time.sleep(seconds)
            after, end = processor_seconds(containers), time.time()
    keep(label, load)
    assert load.failed <= MOST_FAILED * len(load.answers), f"{label}: {load.text()}"
    # An answer counts by when it ended, as its work was done until then. A failure counts whenever it was: a request
    # that was never answered ends after the measured time.
    seen = Attack([each for each in load.answers if each.failure or begin <= each.sent + each.seconds < end])
    assert seen.answered, f"{label}: no answer within {end - begin:.0f} s"
    return seen, end - begin, used(before, after)


def latencies(load: Attack) -> Values:
    """Return the quantiles of whole answers and of LiteLLM's own time in them, in milliseconds."""
    own = [answer.overhead for answer in load.answered if answer.overhead is not None]
    whole = [answer.seconds for answer in load.answered]
    found = {f"whole_p{percent}": 1000 * quantile(whole, percent / 100) for percent in (50, 99)}
    if own:
        found |= {f"overhead_p{percent}": 1000 * quantile(own, percent / 100) for percent in (50, 99)}
    return found


def completions(gateway: MeasuredGateway, effort: Effort, label: str) -> Values:
    """Measure plain completions."""
    load, seconds, parts = measure_load(gateway.target(), gateway, effort.of(SECONDS, QUICK_SECONDS), label)
    count = len(load.answered)
    return {
        "rate": count / seconds,
        "failed": load.failed,
        **latencies(load),
        **{f"processor_{part}": 1000 * spent / count for part, spent in parts.items()},
    }


def streams(gateway: MeasuredGateway, effort: Effort, label: str) -> Values:
    """Measure streams. A stream that began before or goes on is counted with the chunks in the measured time."""
    gateway.provider(chunks=effort.of(CHUNKS, QUICK_CHUNKS), chunk_latency_ms=CHUNK_LATENCY_MS)
    target, duration = gateway.target(stream=True), effort.of(SECONDS, QUICK_SECONDS)
    load, seconds, parts = measure_load(target, gateway, duration, label, callers=STREAM_CALLERS)
    chunks = sum(answer.chunks for answer in load.answered)
    assert chunks, f"{label}: no stream had a chunk"
    return {
        "rate": chunks / seconds,
        "failed": load.failed,
        **{f"processor_{part}": 100_000 * spent / chunks for part, spent in parts.items()},
    }


LOAD = Scenario(
    name="load",
    text=f"Completions by {CALLERS} callers that each wait for their answer; the provider answers at once.",
    a="prod's settings",
    b="baseline's settings",
    group=PAIR,
    open=both(completions),
    metrics=(
        Metric("rate", f"requests/s at {CALLERS} concurrent", Goal(at_least=1), headline=True),
        Metric("failed", f"failed requests at {CALLERS} concurrent", NONE_FAILED),
        Metric("whole_p50", f"p50 at {CALLERS} concurrent, ms"),
        Metric("whole_p99", f"p99 at {CALLERS} concurrent, ms", Goal(at_most=0.5), headline=True),
        Metric("overhead_p50", f"p50 of LiteLLM's overhead header at {CALLERS} concurrent, ms"),
        Metric("overhead_p99", f"p99 of LiteLLM's overhead header at {CALLERS} concurrent, ms", Goal(at_most=0.5)),
        *processor_metrics("1,000 requests"),
    ),
)
STREAMS = Scenario(
    name="streams",
    text=f"Streams of {CHUNKS} chunks, one each {CHUNK_LATENCY_MS} ms, by {STREAM_CALLERS} callers.",
    a="prod's settings",
    b="baseline's settings",
    group=PAIR,
    open=both(streams),
    metrics=(
        Metric("rate", f"chunks/s, {STREAM_CALLERS} streams at once", Goal(at_least=1)),
        Metric("failed", f"failed streams, {STREAM_CALLERS} at once", NONE_FAILED),
        *processor_metrics("100,000 chunks"),
    ),
)
