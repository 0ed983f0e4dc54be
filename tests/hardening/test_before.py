"""The gateway before its hardening, on the same machine: what each row made better."""

from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest

from tests.e2e.project import Project
from tests.hardening.batches import measure
from tests.hardening.replica import Mock, question
from tests.hardening.test_batched_writes import HARDENED
from tests.hardening.test_log_level import REQUESTS, lines_of_requests
from tests.hardening.test_retries import CALLS

LITELLM_S_OWN = 1 + 2
"""Calls of one request that fails, where no policy is given."""


def test_without_the_log_level_each_request_writes_lines(gateway: Project, proxy: httpx.Client, mock: Mock) -> None:
    lines = lines_of_requests(gateway, proxy)
    print(f"\nlog lines of {REQUESTS} requests: {len(lines)}")
    assert len(lines) >= REQUESTS
    # Nor is alerting on without a webhook: it would raise for each alert.
    assert [line for line in lines if "slack" in line.lower() or "Traceback" in line] == []


def test_without_a_retry_policy_the_error_makes_no_difference(proxy: httpx.Client, mock: Mock) -> None:
    kinds = ("timeout", "server_error")
    mock.fail({CALLS[kind][0]: kind for kind in kinds})
    with ThreadPoolExecutor(len(kinds)) as pool:
        list(
            pool.map(
                lambda kind: proxy.post("/v1/chat/completions", json=question(CALLS[kind][0], disable_fallbacks=True)),
                kinds,
            )
        )
    assert [mock.calls(CALLS[kind][0]) for kind in kinds] == [LITELLM_S_OWN] * len(kinds)


@pytest.mark.slow
def test_batched_writes_are_fewer_transactions_for_the_same_load(gateway: Project, proxy: httpx.Client) -> None:
    (hardened,) = HARDENED
    work = measure(gateway, proxy)
    print(f"\nproxy_batch_write_at 10: {work}; 60: {hardened}")
    assert work.requests == pytest.approx(hardened.requests, rel=0.2)
    assert work.writes >= 3 * hardened.writes
