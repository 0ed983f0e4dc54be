"""Log level: a replica writes nothing while it answers well, and writes errors as JSON."""

import json
import time

import httpx

from testbed.completion import CHAT, question
from testbed.container import log_lines
from testbed.mock_provider import MockProvider
from testbed.project import Project
from testbed.wait import wait_until
from tests.hardening.log import lines_of_requests

FAILING = "ministral-3-14b-cloud"


def test_a_hundred_answered_requests_write_no_line(gateway: Project, proxy: httpx.Client, mock: MockProvider) -> None:
    assert lines_of_requests(gateway, proxy) == []


def test_an_error_is_written_as_json(gateway: Project, proxy: httpx.Client, mock: MockProvider) -> None:
    begin = time.time()
    mock.fail({FAILING: "authentication"})
    assert proxy.post(CHAT, json=question(FAILING, disable_fallbacks=True)).status_code == 401

    def errors() -> list[str]:
        lines = [json.loads(line) for line in log_lines(gateway.container("litellm-1"), begin)]
        messages = [str(line["message"]) for line in lines if line["level"] == "ERROR"]
        return [message for message in messages if "mock provider: authentication" in message]

    wait_until(errors, 10)
