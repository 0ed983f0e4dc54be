"""`python -m ops models`: which models work, and why the others do not."""

import json
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from testbed.completion import MODEL
from testbed.gateway import store_model
from testbed.mock_provider import MODELS, MockProvider
from testbed.project import Project

FAULTS = {
    # Its fallback works: the fallback's answer must not count.
    "gpt-oss-120b-cloud": "authentication",
    "gemini-1.5-pro": "not_found",
    "llama3.1-test": "rate_limit",
    "embed-arctic-l-v2": "hang",
}
STORED = "stored-with-a-dead-address"
STORED_KEY = "sk-stored-not-to-be-seen"
STATUSES = {
    "gpt-oss-120b-cloud": "key refused",
    "gemini-1.5-pro": "not found",
    "llama3.1-test": "rate limited",
    "embed-arctic-l-v2": "timed out",
    STORED: "unreachable",
}


def models(gateway: Project, *options: str) -> tuple[int, dict[str, Any], str]:
    result = gateway.ops("models", gateway.stack, "--json", *options)
    (line,) = [line for line in result.output.splitlines() if line.startswith("{")]
    return result.exit_code, json.loads(line), result.output


def test_every_model_works_with_the_mock_provider(gateway: Project) -> None:
    exit_code, printed, output = models(gateway)
    assert exit_code == 0, output
    assert printed["working"] == len(printed["models"]) == len(MODELS) > 10
    assert gateway.output("master_key") not in output


@pytest.fixture
def failing(proxy: httpx.Client, mock: MockProvider) -> Iterator[MockProvider]:
    """Four models of the catalogue fail, each in its own way, and a stored one cannot be reached."""
    model_id = store_model(proxy, STORED, STORED_KEY, api_base="http://provider:1/v1")
    mock.fail(FAULTS)
    yield mock
    assert proxy.post("/model/delete", json={"id": model_id}).is_success


def test_a_failing_model_is_listed_with_its_reason_and_remedy(gateway: Project, failing: MockProvider) -> None:
    exit_code, printed, output = models(gateway, "--timeout", "8")
    print("\n" + output)
    assert exit_code == 1
    statuses = {row["model"]: row["status"] for row in printed["models"]}
    working = len(MODELS) - len(FAULTS)
    assert {model: status for model, status in statuses.items() if status != "working"} == STATUSES
    assert (printed["working"], len(statuses)) == (working, len(MODELS) + 1)
    assert all(bool(row["fix"]) is (row["status"] != "working") for row in printed["models"])
    assert STORED_KEY not in output
    # Once each: neither retried nor answered by a fallback.
    assert {model: failing.requests(model) for model in (*FAULTS, MODEL)} == dict.fromkeys((*FAULTS, MODEL), 1)
    assert models(gateway, "--timeout", "8", "--threshold", str(working))[0] == 0
