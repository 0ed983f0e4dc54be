"""Database pool: connections under load reach the limit of all workers, and never exceed it."""

import asyncio
import time
from collections import Counter

import httpx

from components.stack.sizing import CONNECTIONS_RESERVED, OVERLAP
from testbed.completion import ask_at_once
from testbed.project import Project
from tests.hardening.configuration import LOCK_TIMEOUT, POOL, WORKERS
from tests.hardening.database import hold_table

LIMIT = POOL * WORKERS
REQUESTS = 4 * LIMIT
"""Each has a key of its own, which has to be looked up."""
OPEN = """select count(*) from pg_stat_activity
    where usename = 'litellm' and backend_type = 'client backend' and application_name <> 'psql'"""


async def watched(gateway: Project, url: str, keys: list[str]) -> tuple[list[int], Counter[int | str]]:
    """Ask with unknown keys while the table of keys is locked, and count connections until all are answered."""
    answers = asyncio.create_task(ask_at_once(url, keys))
    counts = []
    while not answers.done():
        counts.append(int(await asyncio.to_thread(gateway.sql, OPEN)))
        await asyncio.sleep(0.1)
    return counts, answers.result()


def test_database_connections_reach_the_pools_and_never_exceed_them(gateway: Project, proxy: httpx.Client) -> None:
    keys = [f"sk-unknown-{time.time_ns()}-{number}" for number in range(REQUESTS)]
    lock = hold_table(gateway, "LiteLLM_VerificationToken", LOCK_TIMEOUT - 1)
    counts, answers = asyncio.run(watched(gateway, str(proxy.base_url), keys))
    lock.wait(10)
    assert max(counts) == LIMIT, counts
    # Every request got a connection: its key was looked up, and refused.
    assert answers == {401: REQUESTS}


def test_postgres_has_connections_for_old_and_new_replicas(gateway: Project) -> None:
    assert int(gateway.sql("show max_connections")) == LIMIT * OVERLAP + CONNECTIONS_RESERVED
