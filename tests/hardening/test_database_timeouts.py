"""Database timeouts: Postgres itself ends a statement that takes too long."""

import time
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import parse_qs

import httpx

from testbed.container import log_lines, must_run
from testbed.project import Project
from testbed.wait import wait_until
from tests.hardening.configuration import (
    CONNECT_TIMEOUT,
    LOCK_TIMEOUT,
    POOL_TIMEOUT,
    SOCKET_TIMEOUT,
    STATEMENT_TIMEOUT,
    WORKERS,
)
from tests.hardening.database import hold_table

SLOW_INSERT = f"""
    create function slow() returns trigger language plpgsql
    as $$ begin perform pg_sleep({STATEMENT_TIMEOUT * 2}); return new; end $$;
    create trigger slow before insert on "LiteLLM_VerificationToken" for each row execute function slow()"""
UNDONE = 'drop trigger slow on "LiteLLM_VerificationToken"; drop function slow'
LONGEST = """select coalesce(max(extract(epoch from clock_timestamp() - query_start)), 0)
    from pg_stat_activity where usename = 'litellm' and application_name <> 'psql' and state = 'active'"""

POOLS = r"""
import os, re
for process in filter(str.isdigit, os.listdir('/proc')):
    if 'query-engine' in open(f'/proc/{process}/comm').read():
        found = re.search(r'\0DATABASE_URL=[^\0?]*[?]([^\0]*)', '\0' + open(f'/proc/{process}/environ').read())
        print(found[1])
"""
"""Prints only the options of each pool: the URL holds a password."""


def longest_statement(gateway: Project, seconds: float) -> float:
    """Watch LiteLLM's statements; return the largest age, in seconds."""
    end, ages = time.monotonic() + seconds, [0.0]
    while time.monotonic() < end:
        ages.append(float(gateway.sql(LONGEST)))
        time.sleep(0.1)
    return max(ages)


def test_a_statement_that_takes_too_long_ends_on_the_server(gateway: Project, proxy: httpx.Client) -> None:
    begin = time.time()
    gateway.sql(SLOW_INSERT)
    try:
        with ThreadPoolExecutor(1) as pool:
            asked = pool.submit(proxy.post, "/key/generate", json={})
            oldest = longest_statement(gateway, STATEMENT_TIMEOUT + 3)
            gateway.sql(UNDONE)
            asked.result()
    finally:
        gateway.sql(
            UNDONE.replace("drop trigger", "drop trigger if exists").replace("function slow", "function if exists slow")
        )
    assert STATEMENT_TIMEOUT - 1 < oldest < STATEMENT_TIMEOUT + 1
    assert_logged(gateway, begin, "canceling statement due to statement timeout")


def test_a_statement_that_waits_too_long_for_a_lock_ends_on_the_server(gateway: Project, proxy: httpx.Client) -> None:
    begin = time.time()
    lock = hold_table(gateway, "LiteLLM_VerificationToken", LOCK_TIMEOUT * 2)
    with ThreadPoolExecutor(1) as pool:
        asked = pool.submit(
            httpx.get, f"{proxy.base_url}/key/info", headers={"Authorization": f"Bearer sk-{begin}"}, timeout=60
        )
        oldest = longest_statement(gateway, LOCK_TIMEOUT + 1)
        lock.wait(LOCK_TIMEOUT * 3)
        asked.result()
    assert LOCK_TIMEOUT - 1 < oldest < LOCK_TIMEOUT + 1
    assert_logged(gateway, begin, "canceling statement due to lock timeout")


def test_the_pool_of_every_worker_has_its_timeouts(gateway: Project) -> None:
    expected = {
        "pool_timeout": [str(POOL_TIMEOUT)],
        "connect_timeout": [str(CONNECT_TIMEOUT)],
        "socket_timeout": [str(SOCKET_TIMEOUT)],
    }
    told = [{name: options.get(name) for name in expected} for options in pools(gateway)]
    assert told == [expected] * WORKERS


def pools(gateway: Project) -> list[dict[str, list[str]]]:
    """Return the options of the database URL of each query engine; every worker has one."""
    text = must_run(gateway.container("litellm-1"), "python3", "-c", POOLS)
    return [parse_qs(line) for line in text.splitlines()]


def assert_logged(gateway: Project, since: float, text: str) -> None:
    """Assert that Postgres logged the text."""
    postgres = gateway.container("postgres")
    wait_until(lambda: [line for line in log_lines(postgres, since) if text in line], 5)
