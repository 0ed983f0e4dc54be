"""The database's work for a steady load, to compare two configurations by."""

import time
from dataclasses import dataclass

import httpx

from tests.e2e.project import Project
from tests.hardening.replica import question

WINDOW = 65
"""Seconds: prod's interval between two writes, and what LiteLLM adds to it by chance."""
WRITERS = "select coalesce(string_agg(xmin::text, ' '), '') from \"LiteLLM_DailyUserSpend\""
"""A row knows the transaction that wrote it last."""
PAUSE = 0.5
"""Seconds between two requests."""


@dataclass(frozen=True)
class Work:
    """What Postgres did in a window."""

    writes: int
    """Transactions that added what a worker had collected to the daily spend."""
    requests: int


def measure(gateway: Project, proxy: httpx.Client) -> Work:
    """Ask steadily for a window."""

    def writers() -> set[str]:
        return set(gateway.sql(WRITERS).split())

    before, end, requests = writers(), time.monotonic() + WINDOW, 0
    seen: set[str] = set()
    while time.monotonic() < end:
        assert proxy.post("/v1/chat/completions", json=question()).is_success
        requests += 1
        seen |= writers()
        time.sleep(PAUSE)
    return Work(len(seen - before), requests)
