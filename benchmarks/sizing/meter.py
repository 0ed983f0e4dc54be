"""Reads the counters of a running gateway's containers."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field

from docker.models.containers import Container

from benchmarks.comparison.sides.usage import processor_seconds, resident_mib, used
from benchmarks.sizing.parts import PARTS, part_of
from benchmarks.sizing.readings import Memory, Work
from components.stack.costs import Parts

SAMPLE_SECONDS = 0.2
"""Between two readings of memory."""


@dataclass
class Reading:
    """A measurement that is complete at the end of its block."""

    seconds: float = 0
    values: dict[str, float] = field(default_factory=dict)

    def work(self, count: int = 0) -> Work:
        """Return the processor time that was used."""
        return Work(self.seconds, self.values, count)

    def memory(self, count: int = 0) -> Memory:
        """Return the most memory that was held."""
        return Memory(self.values, count)


@dataclass(frozen=True)
class Meter:
    """Reads the counters of these containers."""

    containers: list[Container]

    async def resident(self) -> Parts:
        """Return the memory of each part, in MiB."""
        return dict(await asyncio.to_thread(resident_mib, self.containers, part_of))

    @asynccontextmanager
    async def processor(self) -> AsyncIterator[Reading]:
        """Measure the processor time of the block."""
        reading = Reading()
        before, begin = await asyncio.to_thread(processor_seconds, self.containers, part_of), time.monotonic()
        yield reading
        after = await asyncio.to_thread(processor_seconds, self.containers, part_of)
        reading.seconds = time.monotonic() - begin
        reading.values.update(used(before, after, PARTS))

    @asynccontextmanager
    async def peak(self) -> AsyncIterator[Reading]:
        """Measure the most memory that each part held at once during the block."""
        reading = Reading()

        async def sample() -> None:
            while True:
                for part, value in (await self.resident()).items():
                    reading.values[part] = max(value, reading.values.get(part, 0))
                await asyncio.sleep(SAMPLE_SECONDS)

        sampling = asyncio.create_task(sample())
        try:
            yield reading
        finally:
            sampling.cancel()
            with suppress(asyncio.CancelledError):
                await sampling
