"""Batched writes: with prod's interval the same load costs fewer transactions."""

from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest

from testbed.gateway import admin
from testbed.project import Project
from tests.hardening.configuration import WORKERS
from tests.hardening.spend_writes import measure

FEWER = 3
"""How many times fewer transactions; the intervals are 60 s and 10 s."""


def test_spend_is_written_once_a_minute_in_fewer_transactions(
    gateway: Project, proxy: httpx.Client, unhardened: Project
) -> None:
    # Both at the same time: the machine is equally busy for both.
    with admin(unhardened) as other, ThreadPoolExecutor(2) as pool:
        hardened = pool.submit(measure, gateway, proxy)
        plain = pool.submit(measure, unhardened, other).result()
        batched = hardened.result()
    print(f"\nproxy_batch_write_at 60: {batched}; 10: {plain}")
    assert plain.requests == pytest.approx(batched.requests, rel=0.2)
    assert 1 <= batched.writes <= 2 * WORKERS
    assert plain.writes >= FEWER * batched.writes
