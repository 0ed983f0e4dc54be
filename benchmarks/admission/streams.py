"""Many answers streamed slowly side by side, and further requests while all of them run."""

import asyncio
import itertools
import time
from collections.abc import Sequence
from dataclasses import dataclass

from benchmarks.admission.gateway import MODEL, QUIET_MODEL, AdmissionGateway
from benchmarks.faults import keep
from benchmarks.result import Result
from testbed.load import Asked, Load, ask, client

CHUNK_SECONDS = 2
MOST_CHUNKS = 10_000
"""Of the mock provider; each request asks for fewer."""
FURTHER_TOKENS = 1
"""Of a further request, which is about its first chunk."""
FIRST_CHUNK_GOAL = 2.0


@dataclass(frozen=True)
class Plan:
    """When the streams begin and end."""

    streams: int
    seconds: int
    """For which all run."""
    begin_rate: float = 8
    """How many begin a second: two processors serve about so many, with the client and the mock provider beside."""
    end_rate: float = 25
    """How many end a second."""

    @property
    def ramp(self) -> float:
        """Seconds in which all begin."""
        return self.streams / self.begin_rate

    def tokens(self, number: int) -> int:
        """Return the tokens that a stream asks for, one each CHUNK_SECONDS."""
        begin, end = number / self.begin_rate, self.ramp + self.seconds + number / self.end_rate
        return round((end - begin) / CHUNK_SECONDS)


FULL = Plan(streams=1000, seconds=75)
QUICK = Plan(streams=120, seconds=16)


def measure(gateway: AdmissionGateway, plan: Plan) -> list[Result]:
    """Stream, and ask each second for a further stream, of the same model and of another in turn."""
    gateway.provider(chunks=MOST_CHUNKS, chunk_latency_ms=1000 * CHUNK_SECONDS)
    processor, begin = time.process_time(), time.monotonic()
    streams, further = asyncio.run(_run(gateway, plan))
    spent = (time.process_time() - processor) / (time.monotonic() - begin)
    gateway.provider()
    keep("streams side by side", streams)
    keep("further requests beside streams", further)
    return results(plan, streams, further, f"the client took {100 * spent:.0f} % of a processor")


async def _run(gateway: AdmissionGateway, plan: Plan) -> tuple[Load, Load]:
    async with client(gateway.url) as open_client, asyncio.TaskGroup() as group:

        def stream(key: str, model: str, tokens: int) -> asyncio.Task[Asked]:
            return group.create_task(ask(open_client, key, model, stream=True, max_tokens=tokens))

        streams, further = list[asyncio.Task[Asked]](), list[asyncio.Task[Asked]]()
        for number, key in zip(range(plan.streams), itertools.cycle(gateway.keys), strict=False):
            streams.append(stream(key, MODEL, plan.tokens(number)))
            await asyncio.sleep(1 / plan.begin_rate)
        for model in itertools.cycle((MODEL, QUIET_MODEL)):
            if any(each.done() for each in streams):
                break
            further.append(stream(gateway.other_key, model, FURTHER_TOKENS))
            await asyncio.sleep(1)
    return Load([each.result() for each in streams]), Load([each.result() for each in further])


def results(plan: Plan, streams: Load, further: Load, more: str = "") -> list[Result]:
    """Return how the streams ended, and how soon the further requests began that were sent while all streams ran."""
    begin, end = together(streams.answers)
    beside = Load([each for each in further.answers if begin <= each.sent < end])
    first = beside.quantile(0.99, first=True)
    return [
        Result(
            f"{plan.streams} streams, a chunk each {CHUNK_SECONDS} s: failed", streams.failed, 0,
            f"{plan.begin_rate:g} begin a second; first chunk p50 {streams.quantile(0.5, first=True):.2f} s,"
            f" p99 {streams.quantile(0.99, first=True):.2f} s; {streams.text()}; {more}",
        ),
        Result(f"{plan.streams} streams: not side by side with the others", plan.streams - streams.most_streamed, 0,
                f"{streams.most_streamed} at once; all for {max(0.0, end - begin):.0f} s"),
        Result("further requests while all run: failed", further.failed, 0, further.text()),
        Result(
            "further requests while all run: first chunk, p99, s", round(first, 2), FIRST_CHUNK_GOAL,
            f"{len(beside.answers)} streams, one a second; half of the same model;"
            f" p50 {beside.quantile(0.5, first=True):.2f} s",
        ),
    ]  # fmt: skip


def together(answers: Sequence[Asked]) -> tuple[float, float]:
    """Return from when (Unix time) until when all of these were being answered."""
    return max(each.sent + each.first for each in answers), min(each.sent + each.seconds for each in answers)
