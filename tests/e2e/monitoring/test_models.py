"""Models that fail are told from those that work, each with its reason, over real HTTP through LiteLLM."""

import json
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from tests.e2e.project import Project
from tests.hardening.replica import Mock

FAULTS = {
    # Its fallback works: that answer must not count as its own.
    "gpt-oss-120b-cloud": "authentication",
    "gemini-1.5-pro": "not_found",
    "llama3.1-test": "rate_limit",
    "embed-arctic-l-v2": "hang",
}
STORED = "stored-with-a-dead-address"
STORED_KEY = "sk-stored-not-to-be-seen"
VERDICTS = {
    "gpt-oss-120b-cloud": "key refused",
    "gemini-1.5-pro": "not found",
    "llama3.1-test": "rate limited",
    "embed-arctic-l-v2": "timed out",
    STORED: "unreachable",
}


def asked(gateway: Project, *options: str) -> tuple[int, dict[str, Any], str]:
    result = gateway.ops("models", gateway.stack, "--json", *options)
    (line,) = [line for line in result.output.splitlines() if line.startswith("{")]
    return result.exit_code, json.loads(line), result.output


def test_every_model_of_the_catalogue_works_with_the_mock_provider(gateway: Project) -> None:
    exit_code, printed, output = asked(gateway)
    assert exit_code == 0, output
    assert printed["working"] == len(printed["models"]) == 18
    assert gateway.output("master_key") not in output


@pytest.fixture
def failing(gateway: Project, proxy: httpx.Client) -> Iterator[Mock]:
    """Four models of the catalogue fail, each in its own way, and a stored one cannot be reached."""
    mock = Mock(gateway)
    found = mock.client.get("/control").json()
    parameters = {"model": "openai/dead", "api_base": "http://provider:1/v1", "api_key": STORED_KEY}
    stored = proxy.post("/model/new", json={"model_name": STORED, "litellm_params": parameters})
    assert stored.status_code == 200, stored.text
    mock.fail(FAULTS)
    yield mock
    assert mock.client.put("/control", json=found).is_success
    assert proxy.post("/model/delete", json={"id": stored.json()["model_id"]}).is_success


def test_fourteen_of_eighteen_work_and_each_other_says_why(gateway: Project, failing: Mock) -> None:
    exit_code, printed, output = asked(gateway, "--timeout", "8")
    print("\n" + output)
    assert exit_code == 1
    verdicts = {row["model"]: row["verdict"] for row in printed["models"]}
    assert {model: verdict for model, verdict in verdicts.items() if verdict != "working"} == VERDICTS
    assert (printed["working"], len(verdicts)) == (14, 19)
    assert all(bool(row["cure"]) is (row["verdict"] != "working") for row in printed["models"])
    assert STORED_KEY not in output
    # Once each: neither retried nor answered by a fallback.
    assert [failing.calls(model) for model in (*FAULTS, "gpt-oss-20b-cloud")] == [1, 1, 1, 1, 1]
    assert asked(gateway, "--timeout", "8", "--threshold", "14")[0] == 0
