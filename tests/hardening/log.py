"""What a replica logs for requests."""

import time

import httpx

from testbed.completion import CHAT, question
from testbed.container import log_lines
from testbed.project import Project

REQUESTS = 100
FLUSH_SECONDS = 2
"""For the last lines to reach Docker's log. Docker tells times of a log by the second."""


def lines_of_requests(gateway: Project, proxy: httpx.Client) -> list[str]:
    """Ask a hundred times; return the lines that the replica wrote meanwhile."""
    time.sleep(1)
    begin = time.time()
    for _ in range(REQUESTS):
        assert proxy.post(CHAT, json=question()).is_success
    time.sleep(FLUSH_SECONDS)
    return log_lines(gateway.container("litellm-1"), begin)
