"""The database's work for a steady load, to compare two configurations by."""

import time
from dataclasses import dataclass

import httpx

from tests.e2e.project import Project
from tests.hardening.replica import question

WINDOW = 65
"""Seconds: prod's interval between two writes, and what LiteLLM adds to it by chance."""
ADDED = """select n_tup_ins + n_tup_upd from pg_stat_user_tables where relname = 'LiteLLM_DailyUserSpend'"""
COMMITTED = "select xact_commit from pg_stat_database where datname = current_database()"
PAUSE = 0.5
"""Seconds between two requests."""


@dataclass(frozen=True)
class Work:
    """What Postgres counted in a window."""

    transactions: float
    """A minute."""
    writes: int
    """How often a worker added what it had collected to the daily spend."""
    requests: int


def measure(gateway: Project, proxy: httpx.Client) -> Work:
    """Ask steadily for a window."""
    first, begin, requests = int(gateway.sql(COMMITTED)), time.monotonic(), 0
    seen: set[str] = set()
    while time.monotonic() < begin + WINDOW:
        assert proxy.post("/v1/chat/completions", json=question()).is_success
        requests += 1
        seen.add(gateway.sql(ADDED))
        time.sleep(PAUSE)
    taken = time.monotonic() - begin
    # The questions above are transactions too.
    transactions = int(gateway.sql(COMMITTED)) - first - requests
    return Work(60 * transactions / taken, len(seen) - 1, requests)
