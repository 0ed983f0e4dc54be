"""Measures a running gateway, round by round."""

import asyncio
from collections.abc import Awaitable, Iterable
from dataclasses import dataclass

from benchmarks.comparison.sides.gateways import MeasuredGateway
from benchmarks.sizing.gateway import MODEL
from benchmarks.sizing.idle_connections import connected
from benchmarks.sizing.meter import Meter
from benchmarks.sizing.plan import Plan
from benchmarks.sizing.readings import Memory, Round, Work
from testbed.load import Asked, Load, ask, asked_for, client

EMOJI = "\N{GRINNING FACE}"
BODY_SECONDS = 2
"""For which the provider keeps the answer to a large body."""

LEAST_AT_ONCE = 0.8
"""Share of the slow streams that have to flow at the same time: on a machine that is too busy, others are refused."""


@dataclass(frozen=True)
class Measurement:
    """Takes the readings of one gateway."""

    gateway: MeasuredGateway
    plan: Plan
    meter: Meter

    async def warm_up(self) -> None:
        """Let each worker answer its first requests and streams, which take longest."""
        await self._requests()
        await self._streams(self.plan.short_chunks)

    async def round(self, number: int) -> Round:
        """Take the readings of a round; rounds are numbered from 1."""
        async with self.meter.processor() as idle:
            await asyncio.sleep(self.plan.idle)
        requests = await self._requests()
        short_streams, long_streams = [
            await self._streams(chunks) for chunks in (self.plan.short_chunks, self.plan.long_chunks)
        ]
        in_flight = await self._in_flight(number * self.plan.in_flight)
        connections, held = await self._connections(number * self.plan.connections)
        before_body, ascii_body = await self._body("")
        before_wide_body, wide_body = await self._body(EMOJI)
        return Round(
            idle.work(), requests, short_streams, long_streams, in_flight, held, connections,
            before_body, ascii_body, before_wide_body, wide_body,
        )  # fmt: skip

    async def _requests(self) -> Work:
        self.gateway.provider()
        asking = (
            asked_for(self.gateway.proxy_url, self.gateway.key, self.plan.requests, MODEL)
            for _ in range(self.plan.callers)
        )
        async with self.meter.processor() as reading:
            loads = await asyncio.gather(*asking)
            await asyncio.sleep(self.plan.settle)
        load = all_answered(Load([each for load in loads for each in load.answers]))
        return reading.work(len(load.answers))

    async def _streams(self, chunks: int) -> Work:
        self.gateway.provider(chunks=chunks, chunk_latency_ms=self.plan.chunk_ms)
        async with client(self.gateway.proxy_url) as open_client:
            streams = [ask(open_client, self.gateway.key, MODEL, stream=True) for _ in range(self.plan.streams)]
            async with self.meter.processor() as reading:
                await together(streams)
                await asyncio.sleep(self.plan.settle)
        return reading.work(chunks * self.plan.streams)

    async def _in_flight(self, count: int) -> Memory:
        chunk_seconds = self.plan.in_flight_seconds / 4
        self.gateway.provider(chunks=5, chunk_latency_ms=round(1000 * chunk_seconds))
        async with client(self.gateway.proxy_url) as open_client, self.meter.peak() as reading:

            async def stream(number: int) -> Asked:
                await asyncio.sleep(number / self.plan.in_flight_rate)
                return await ask(open_client, self.gateway.key, MODEL, stream=True)

            load = Load([*await asyncio.gather(*(stream(number) for number in range(count)))])
        assert load.most_streamed >= LEAST_AT_ONCE * count, f"{load.most_streamed} of {count} streams flowed at once"
        return reading.memory(load.most_streamed)

    async def _connections(self, count: int) -> tuple[Work, Memory]:
        async with connected(self.gateway.proxy_url, count):
            memory = await self.meter.resident()
            async with self.meter.processor() as reading:
                await asyncio.sleep(self.plan.connected)
        return reading.work(count), Memory(memory, count)

    async def _body(self, first: str) -> tuple[Memory, Memory]:
        """Send a body that begins so; return the memory before, and at most."""
        self.gateway.provider(latency_ms=1000 * BODY_SECONDS)
        content = first + "x" * (self.plan.body_mib * 2**20)
        before = Memory(await self.meter.resident())
        async with client(self.gateway.proxy_url) as open_client, self.meter.peak() as reading:
            await together([ask(open_client, self.gateway.key, MODEL, content)])
        return before, reading.memory(self.plan.body_mib)


async def together(asking: Iterable[Awaitable[Asked]]) -> Load:
    """Ask all at the same time.

    Raises:
        AssertionError: when one is not answered.
    """
    return all_answered(Load([*await asyncio.gather(*asking)]))


def all_answered(load: Load) -> Load:
    """Return the load, all of which must have been answered."""
    assert load.results.keys() == {200}, f"not all were answered: {dict(load.results)}"
    return load
