"""`python -m ops load`: every answer counted and timed, every failure named."""

import json
from typing import Any

import pytest

from testbed.completion import MODEL
from testbed.mock_provider import MockProvider
from testbed.project import Project


def load(gateway: Project, *options: str) -> tuple[int, dict[str, Any]]:
    result = gateway.ops("load", gateway.stack, "--json", "--model", MODEL, *options)
    (line,) = [line for line in result.output.splitlines() if line.startswith("{")]
    return result.exit_code, json.loads(line)


@pytest.mark.parametrize("form", [(), ("--stream",)], ids=["whole", "streamed"])
def test_fifty_requests_at_once_are_answered_and_timed(gateway: Project, form: tuple[str, ...]) -> None:
    exit_code, printed = load(gateway, *form)
    print(f"\n{printed}")
    assert exit_code == 0, printed
    assert (printed["requests"], printed["concurrency"], printed["failed"]) == (50, 50, 0)
    assert 0 < printed["latency_ms"]["p50"] <= printed["latency_ms"]["max"]
    assert (printed["first_chunk_ms"] is not None) is bool(form)


def test_failed_requests_are_counted_by_kind(gateway: Project, mock: MockProvider) -> None:
    mock.fail({MODEL: "authentication"})
    exit_code, printed = load(gateway, "--requests", "3")
    assert exit_code == 1
    assert printed["failures"] == {"HTTP 401": 3}
