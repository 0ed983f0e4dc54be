"""The meter reads processor time and the most memory of each part."""

import asyncio
import threading
from collections.abc import Iterator
from itertools import count, repeat
from types import SimpleNamespace
from typing import Any

import pytest

from benchmarks.sizing import meter
from benchmarks.sizing.meter import Meter
from benchmarks.sizing.parts import PARTS


def container(workload: str, seconds: Iterator[float], mib: Iterator[float]) -> Any:
    """Return a container whose counters are the next ones at each reading."""

    def stats(**_: object) -> dict[str, Any]:
        used, held = int(next(seconds) * 1e9), next(mib) * 2**20
        return {"cpu_stats": {"cpu_usage": {"total_usage": used}}, "memory_stats": {"stats": {"anon": held}}}

    return SimpleNamespace(labels={"gateway.workload": workload}, stats=stats)


def test_processor_time_is_what_was_used_in_the_block() -> None:
    containers = [
        container("litellm-1", iter((5, 7.5)), iter((0, 0))),
        container("ingress", iter((1, 2)), iter((0, 0))),
    ]

    async def run() -> dict[str, float]:
        async with Meter(containers).processor() as reading:
            pass
        assert reading.seconds > 0
        return dict(reading.work(3).processor)

    found = asyncio.run(run())
    assert found == dict.fromkeys(PARTS, 0.0) | {"litellm": 2.5, "ingress": 1.0, "all": 3.5}


def test_memory_is_the_most_that_was_held_in_the_block(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(meter, "SAMPLE_SECONDS", 0.001)
    enough = threading.Event()

    def held() -> Iterator[float]:
        yield from (500, 900, 550)
        enough.set()
        yield from repeat(550)

    async def run() -> float:
        async with Meter([container("litellm-1", count(), held())]).peak() as reading:
            assert await asyncio.to_thread(enough.wait, 10)
        return reading.memory().resident["litellm"]

    assert asyncio.run(run()) == 900
