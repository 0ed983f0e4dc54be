"""How often LiteLLM writes what it has collected, under a steady load."""

import time
from dataclasses import dataclass

import httpx

from testbed.completion import CHAT, question
from testbed.project import Project

WINDOW = 65
"""Seconds: prod's interval between two writes, and the time that LiteLLM adds to it at random."""
WRITERS = "select coalesce(string_agg(xmin::text, ' '), '') from \"LiteLLM_DailyUserSpend\""
"""A row holds the transaction that wrote it last."""
PAUSE = 0.5
"""Seconds between two requests."""


@dataclass(frozen=True)
class Work:
    """What Postgres did in a window."""

    writes: int
    """Transactions that added a worker's collected spend to the daily spend."""
    requests: int


def measure(gateway: Project, proxy: httpx.Client) -> Work:
    """Ask steadily for one window; return what was written in it."""

    def writers() -> set[str]:
        return set(gateway.sql(WRITERS).split())

    before, end, requests = writers(), time.monotonic() + WINDOW, 0
    seen: set[str] = set()
    while time.monotonic() < end:
        assert proxy.post(CHAT, json=question()).is_success
        requests += 1
        seen |= writers()
        time.sleep(PAUSE)
    return Work(len(seen - before), requests)
