"""The gateway without the hardening: what the log level and the retry policy improve."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest

from testbed.completion import CHAT, question
from testbed.gateway import admin
from testbed.mock_provider import MockProvider, mock_provider
from testbed.project import Project
from tests.hardening.log import REQUESTS, lines_of_requests

LITELLM_CALLS = 1 + 2
"""Calls of the provider for one request that fails, where no policy is set."""
FAULTS = {"llama3.1-test": "timeout", "gpt-oss-120b-cloud": "server_error"}


@pytest.fixture(scope="module")
def plain_proxy(unhardened: Project) -> Iterator[httpx.Client]:
    """A client of the proxy without the hardening."""
    with admin(unhardened) as client:
        yield client


@pytest.fixture
def plain_mock(unhardened: Project) -> Iterator[MockProvider]:
    """The mock provider of the gateway without the hardening."""
    with mock_provider(unhardened) as mock:
        yield mock


def test_without_the_log_level_each_request_writes_lines(unhardened: Project, plain_proxy: httpx.Client) -> None:
    lines = lines_of_requests(unhardened, plain_proxy)
    print(f"\nlog lines of {REQUESTS} requests: {len(lines)}")
    assert len(lines) >= REQUESTS
    # Alerting is off without a webhook: it would raise for each alert.
    assert [line for line in lines if "slack" in line.lower() or "Traceback" in line] == []


def test_without_a_retry_policy_every_error_is_retried_alike(
    plain_proxy: httpx.Client, plain_mock: MockProvider
) -> None:
    plain_mock.fail(FAULTS)

    def ask(model: str) -> int:
        return plain_proxy.post(CHAT, json=question(model, disable_fallbacks=True)).status_code

    with ThreadPoolExecutor(len(FAULTS)) as pool:
        assert 200 not in list(pool.map(ask, FAULTS))
    assert {model: plain_mock.requests(model) for model in FAULTS} == dict.fromkeys(FAULTS, LITELLM_CALLS)
