"""Batched writes: the same load is fewer transactions than with baseline's interval (see test_before)."""

import httpx
import pytest

from tests.e2e.project import Project
from tests.hardening.batches import Work, measure
from tests.hardening.stack import WORKERS

HARDENED: list[Work] = []
"""What test_before compares with."""


@pytest.mark.slow
def test_spend_is_written_once_a_minute(gateway: Project, proxy: httpx.Client) -> None:
    work = measure(gateway, proxy)
    print(f"\nproxy_batch_write_at 60: {work}")
    HARDENED.append(work)
    assert 1 <= work.writes <= 2 * WORKERS
