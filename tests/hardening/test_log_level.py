"""Log level: what a replica writes while it answers well, and how it writes what went wrong."""

import json
import time

import httpx

from tests.e2e.project import Project
from tests.hardening.replica import Mock, log_lines, question

REQUESTS = 100
QUIET = "ministral-3-14b-cloud"


def lines_of_requests(gateway: Project, proxy: httpx.Client) -> list[str]:
    """Ask a hundred times, and give what the replica wrote then."""
    time.sleep(1)
    begin = time.time()
    for _ in range(REQUESTS):
        assert proxy.post("/v1/chat/completions", json=question()).is_success
    time.sleep(2)
    return log_lines(gateway.container("litellm-1"), begin)


def test_a_hundred_answered_requests_write_no_line(gateway: Project, proxy: httpx.Client, mock: Mock) -> None:
    assert lines_of_requests(gateway, proxy) == []


def test_what_went_wrong_is_written_as_json(gateway: Project, proxy: httpx.Client, mock: Mock) -> None:
    time.sleep(1)
    begin = time.time()
    mock.fail({QUIET: "authentication"})
    proxy.post("/v1/chat/completions", json=question(QUIET, disable_fallbacks=True))
    time.sleep(2)
    lines = [json.loads(line) for line in log_lines(gateway.container("litellm-1"), begin)]
    assert [line for line in lines if line["level"] == "ERROR" and "mock provider: authentication" in line["message"]]
