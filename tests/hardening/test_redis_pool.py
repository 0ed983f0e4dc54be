"""Redis pool: connections under load reach the limit of all workers, and never exceed it."""

import asyncio

import httpx

from testbed.completion import ask_at_once
from testbed.project import Project
from tests.hardening.configuration import POOL, WORKERS
from tests.hardening.database import redis

LIMIT = WORKERS * (POOL + 1)
"""Each worker has its pool, and one connection of LiteLLM's synchronous client."""
REQUESTS = 40
ROUNDS = 3
"""A worker opens the connection of its synchronous client late, and a busy machine is counted less often."""
PAUSE = 2000
"""Milliseconds for which Redis delays writes."""


def connections(gateway: Project) -> int:
    """Return the number of connections from other containers."""
    return sum(" addr=127.0.0.1:" not in line for line in redis(gateway, "CLIENT LIST") if line.startswith("id="))


def test_redis_connections_reach_the_pools_and_never_exceed_them(gateway: Project, proxy: httpx.Client) -> None:
    key = proxy.headers["authorization"].removeprefix("Bearer ")
    counts: list[int] = []

    async def load() -> dict[int | str, int]:
        answers = asyncio.create_task(ask_at_once(str(proxy.base_url), [key] * REQUESTS))
        while not answers.done():
            counts.append(await asyncio.to_thread(connections, gateway))
            await asyncio.sleep(0.1)
        return answers.result()

    for _ in range(ROUNDS):
        assert redis(gateway, f"CLIENT PAUSE {PAUSE} WRITE") == ["OK"]
        assert asyncio.run(load()) == {200: REQUESTS}
        if max(counts) >= LIMIT:
            break
    assert max(counts) == LIMIT, counts
