"""Redis pool: a worker's connections under load reach the limit, and never pass it."""

import asyncio

import httpx

from tests.e2e.project import Project
from tests.hardening.replica import ask_at_once, redis
from tests.hardening.stack import POOL, WORKERS

LIMIT = WORKERS * (POOL + 1)
"""The pool, and the one connection of what LiteLLM asks without waiting."""
REQUESTS = 40
PAUSE = 2000
"""Milliseconds that Redis answers no write."""


def connections(gateway: Project) -> int:
    """Count the connections from other containers."""
    return sum(" addr=127.0.0.1:" not in line for line in redis(gateway, "CLIENT LIST") if line.startswith("id="))


def test_connections_reach_the_pools_of_all_workers_and_never_pass_them(gateway: Project, proxy: httpx.Client) -> None:
    key = proxy.headers["authorization"].removeprefix("Bearer ")
    counts: list[int] = []

    async def load() -> dict[int | str, int]:
        answers = asyncio.create_task(ask_at_once(str(proxy.base_url), [key] * REQUESTS))
        while not answers.done():
            counts.append(await asyncio.to_thread(connections, gateway))
            await asyncio.sleep(0.1)
        return answers.result()

    assert redis(gateway, f"CLIENT PAUSE {PAUSE} WRITE") == ["OK"]
    answers = asyncio.run(load())
    assert max(counts) == LIMIT, counts
    assert answers == {200: REQUESTS}
