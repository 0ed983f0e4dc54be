"""A model that hangs, and a key that asks for more than its share, cost nobody else anything."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager

import httpx
import pytest

from testbed.gateway import new_key
from testbed.load import Asked, Load, ask, asked_for, client
from testbed.mock_provider import MockProvider
from testbed.project import Project

HANGING = "ministral-3-8b-cloud"
OTHERS = ("gpt-oss-20b-cloud", "gpt-oss-120b-cloud", "ministral-3-14b-cloud", "qwen3-coder-480b-cloud")
QUIET = "cogito-2-1-671b-cloud"
CALLERS = 60
PLACES = 24
"""Far fewer than the callers, so that they would take them all."""
SETTINGS = {"replica_concurrency": PLACES, "queue_length": 30, "queue_timeout": 5}


@pytest.fixture(scope="module", autouse=True)
def few_places(gateway: Project, keys: list[str]) -> Iterator[None]:
    """Few places, while these tests run."""
    assert keys
    with gateway.changed({f"gateway:edge.{name}": value for name, value in SETTINGS.items()}):
        yield


@pytest.fixture(scope="module")
def keys(proxy: httpx.Client) -> list[str]:
    """Virtual keys of different callers."""
    return [new_key(proxy, f"caller-{number}") for number in range(CALLERS)]


@contextmanager
def started(calls: list[asyncio.Task[Asked]]) -> Iterator[list[asyncio.Task[Asked]]]:
    """Calls that are given up at the end."""
    try:
        yield calls
    finally:
        for call in calls:
            call.cancel()


def test_callers_of_a_hanging_model_take_no_place_of_another(
    gateway: Project, url: str, keys: list[str], mock: MockProvider
) -> None:
    async def run() -> tuple[Load, Load, int]:
        without = await asked_for(url, keys[0], 5, OTHERS[0])
        mock.fail({HANGING: "hang"})
        async with client(url) as open_client:
            with started([asyncio.create_task(ask(open_client, key, HANGING)) for key in keys]) as calls:
                await asyncio.sleep(3)
                beside = await asked_for(url, keys[0], 10, OTHERS[0])
                headers = {"Authorization": f"Bearer {gateway.output('master_key')}"}
                administration = await open_client.get("/key/list", headers=headers)
                assert administration.status_code == 200, administration.text
                return without, beside, sum(not call.done() for call in calls)

    without, beside, hanging = asyncio.run(run())
    print(f"\n{hanging} hang; another model: p99 {without.quantile(0.99):.2f} s, beside {beside.quantile(0.99):.2f} s")
    assert hanging > 0
    assert beside.results.keys() == {200}


def test_a_key_with_many_requests_takes_no_place_of_another(url: str, keys: list[str], mock: MockProvider) -> None:
    mock.set(latency_ms=10_000)

    async def run() -> tuple[Asked, Load]:
        async with client(url) as open_client:
            # Of several models, so that none of them has more than its share.
            many = [asyncio.create_task(ask(open_client, keys[0], OTHERS[n % 4])) for n in range(CALLERS)]
            await asyncio.sleep(2)
            other = await ask(open_client, keys[1], QUIET)
            return other, Load([*await asyncio.gather(*many)])

    other, many = asyncio.run(run())
    print(f"\nthe key with many: {many.results}; the other: {other.result} after {other.seconds:.1f} s")
    assert other.result == 200
    assert other.seconds < 20
    assert many.results.keys() <= {200, 429, 503}
    assert all(each.retry_after for each in many.asked if each.result != 200)
