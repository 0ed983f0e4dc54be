"""Database pool: open connections under load reach the limit of all workers, and never pass it."""

import asyncio
import time
from collections import Counter

import httpx

from components.stack.sizing import CONNECTIONS_RESERVED, OVERLAP
from tests.e2e.project import Project
from tests.hardening.replica import ask_at_once, hold_table
from tests.hardening.stack import LOCK_TIMEOUT, POOL, WORKERS

LIMIT = POOL * WORKERS
REQUESTS = 4 * LIMIT
"""Each looks its own key up."""
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


def test_connections_reach_the_pools_of_all_workers_and_never_pass_them(gateway: Project, proxy: httpx.Client) -> None:
    keys = [f"sk-unknown-{time.time_ns()}-{number}" for number in range(REQUESTS)]
    lock = hold_table(gateway, "LiteLLM_VerificationToken", LOCK_TIMEOUT - 1)
    counts, answers = asyncio.run(watched(gateway, str(proxy.base_url), keys))
    lock.wait(10)
    assert max(counts) == LIMIT, counts
    # Those that waited for a connection got one: their keys were looked up, and refused.
    assert answers == {401: REQUESTS}


def test_postgres_takes_what_old_and_new_replicas_may_open(gateway: Project) -> None:
    assert int(gateway.sql("show max_connections")) == LIMIT * OVERLAP + CONNECTIONS_RESERVED
