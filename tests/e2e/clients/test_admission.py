"""What a replica takes on: as many requests and bodies as its memory holds."""

import asyncio
from collections.abc import Iterator

import httpx
import pytest

from testbed.load import Load, ask, beside, client
from testbed.mock_provider import MockProvider
from testbed.project import Project

STREAMS, CHUNKS = 200, 20
BODIES, BODY_BYTES = 12, 60_000_000
MEMORY_MIB = 4096


@pytest.fixture
def unhurt(gateway: Project) -> Iterator[None]:
    """The replica is neither killed nor restarted meanwhile, and health never fails."""
    replica, health = gateway.container("litellm-1"), gateway.output("health_url")
    assert replica.attrs["HostConfig"]["Memory"] == MEMORY_MIB * 2**20
    yield
    replica.reload()
    assert (replica.attrs["State"]["OOMKilled"], replica.attrs["RestartCount"]) == (False, 0)
    assert httpx.get(health).status_code == 200


@pytest.mark.usefixtures("unhurt")
def test_200_slow_streams_are_served_side_by_side_by_one_replica(url: str, key: str, mock: MockProvider) -> None:
    mock.set(chunks=CHUNKS, chunk_latency_ms=1000)

    async def run() -> Load:
        async with client(url) as open_client:
            return Load([*await asyncio.gather(*(ask(open_client, key, stream=True) for _ in range(STREAMS)))])

    load = asyncio.run(run())
    print(f"\n{STREAMS} streams: {load.results}, first piece p99 {load.quantile(0.99, first=True):.1f} s")
    assert load.results == {200: STREAMS}


@pytest.mark.usefixtures("unhurt")
def test_large_bodies_are_answered_or_refused_in_time_and_small_ones_beside_them_answered(
    gateway: Project, url: str, key: str
) -> None:
    large = "x" * BODY_BYTES

    async def run() -> tuple[Load, Load]:
        async with client(url) as open_client:
            return await beside(url, key, (ask(open_client, key, content=large) for _ in range(BODIES)))

    small, large_ones = asyncio.run(run())
    stats = gateway.container("litellm-1").stats(stream=False)
    assert isinstance(stats, dict)
    used = stats["memory_stats"]["usage"] // 2**20
    print(f"\nlarge: {large_ones.results}; small beside them: {small.results}, p99 {small.quantile(0.99):.1f} s;")
    print(f"the replica's memory afterwards: {used} of {MEMORY_MIB} MiB")
    assert small.results.keys() == {200}
    assert large_ones.results[200] > 0
    assert large_ones.results.keys() <= {200, 503}
    assert all(each.retry_after for each in large_ones.asked if each.result == 503)
