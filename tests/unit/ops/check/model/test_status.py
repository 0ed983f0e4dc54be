"""A model is judged by what LiteLLM says of it, provider by provider, and each status has its fix."""

import json
from pathlib import Path

import pytest

from ops.check.model.deployment import ModelDeployment
from ops.check.model.status import Classification, ModelResponse, ModelStatus, classify, fix_for

FAILURES: list[tuple[str, str, str, int, str]] = json.loads(
    Path(__file__).with_name("litellm_failures.json").read_text()
)
"""What LiteLLM 1.108.7 said: provider, mode, what was wrong, status, message."""
EXPECTED = {
    "authentication": ModelStatus.KEY_REFUSED,
    "bad_request": ModelStatus.OTHER,
    "hang": ModelStatus.TIMED_OUT,
    "missing_key": ModelStatus.KEY_MISSING,
    "no_name": ModelStatus.UNREACHABLE,
    "not_found": ModelStatus.NOT_FOUND,
    "rate_limit": ModelStatus.RATE_LIMITED,
    "refused_port": ModelStatus.UNREACHABLE,
    "server_error": ModelStatus.OTHER,
    "timeout": ModelStatus.TIMED_OUT,
    "unknown_name": ModelStatus.NOT_FOUND,
}
SMALL = ModelDeployment("small", "chat", "small", ids=frozenset({"one"}), key="OLLAMA_API_KEY")
STORED = ModelDeployment("small", "chat", "small", stored=True)
GOOD = json.dumps({"choices": [{"message": {"content": "pong"}}]})


def refusal(status: int, message: str) -> ModelResponse:
    return ModelResponse(
        status, json.dumps({"error": {"message": message, "type": "None", "param": None, "code": str(status)}})
    )


def sends_without_a_key(provider: str, mode: str) -> bool:
    """LiteLLM itself misses the key of some providers only; the others it asks without one."""
    return provider in {"ollama", "ollama_chat"} or (provider, mode) in {
        ("voyage", "embedding"),
        ("cohere", "embedding"),
    }


@pytest.mark.parametrize(
    ("provider", "mode", "wrong", "status", "message"), FAILURES, ids=[".".join(row[:3]) for row in FAILURES]
)
def test_each_failure_of_each_provider_has_its_status(
    provider: str, mode: str, wrong: str, status: int, message: str
) -> None:
    expected = EXPECTED[wrong]
    if wrong == "missing_key" and sends_without_a_key(provider, mode):
        expected = ModelStatus.UNREACHABLE
    found = classify(SMALL, refusal(status, message), "choices")
    assert found.status is expected
    assert found.detail.startswith(f"{status}: litellm.")
    assert "Traceback" not in found.detail
    assert "SSLContext" not in found.detail


def test_every_failure_was_recorded_for_every_provider() -> None:
    recorded = {(provider, mode, wrong) for provider, mode, wrong, _, _ in FAILURES}
    pairs = {(provider, mode) for provider, mode, _ in recorded if provider != "any"}
    assert len(pairs) == 9
    missing = {(*pair, wrong) for pair in pairs for wrong in EXPECTED if wrong != "unknown_name"} - recorded
    assert missing == set()


@pytest.mark.parametrize(
    ("response", "status"),
    [
        (
            refusal(400, 'litellm.BadRequestError: GeminiException - {"message": "API key not valid."}'),
            ModelStatus.KEY_REFUSED,
        ),
        (refusal(403, "litellm.PermissionDeniedError: no access"), ModelStatus.KEY_REFUSED),
        (refusal(400, "/chat/completions: Invalid model name passed in model=small."), ModelStatus.NOT_FOUND),
        (refusal(504, "upstream"), ModelStatus.TIMED_OUT),
        (refusal(429, "No deployments available for selected model, Try again in 5 seconds."), ModelStatus.OTHER),
        (ModelResponse(503, "<html>no server</html>"), ModelStatus.OTHER),
        (ModelResponse(599, ""), ModelStatus.OTHER),
        (ModelResponse(None, "no answer within 60 s"), ModelStatus.TIMED_OUT),
        (ModelResponse(200, GOOD), ModelStatus.WORKING),
        (
            ModelResponse(200, GOOD, {"x-litellm-model-id": "one", "x-litellm-attempted-fallbacks": "0"}),
            ModelStatus.WORKING,
        ),
        (ModelResponse(200, '{"choices": []}'), ModelStatus.OTHER),
        (ModelResponse(200, "pong"), ModelStatus.OTHER),
    ],
)
def test_each_response_has_its_status(response: ModelResponse, status: ModelStatus) -> None:
    assert classify(SMALL, response, "choices").status is status


@pytest.mark.parametrize(
    ("headers", "detail"),
    [
        ({"x-litellm-model-id": "another"}, "another deployment answered in its place: another"),
        ({"x-litellm-attempted-fallbacks": "1"}, "a fallback answered in its place"),
    ],
)
def test_an_answer_of_another_deployment_is_not_the_models(headers: dict[str, str], detail: str) -> None:
    assert classify(SMALL, ModelResponse(200, GOOD, headers), "choices") == Classification(ModelStatus.OTHER, detail)


@pytest.mark.parametrize("failure", [row[3:] for row in FAILURES[:10]])
def test_a_missing_key_outweighs_what_the_provider_says(failure: tuple[int, str]) -> None:
    model = ModelDeployment("small", "chat", "small", key="OLLAMA_API_KEY", key_missing=True)
    assert classify(model, refusal(*failure), "choices").status is ModelStatus.KEY_MISSING


def test_a_model_that_works_without_its_key_works() -> None:
    model = ModelDeployment("small", "chat", "small", key="OLLAMA_API_KEY", key_missing=True)
    assert classify(model, ModelResponse(200, GOOD), "choices").status is ModelStatus.WORKING


@pytest.mark.parametrize(
    ("status", "model", "words"),
    [
        (
            ModelStatus.KEY_MISSING,
            SMALL,
            "pulumi config set --secret --path 'gateway:provider_keys.OLLAMA_API_KEY' --stack dev",
        ),
        (
            ModelStatus.KEY_REFUSED,
            SMALL,
            "pulumi config set --secret --path 'gateway:provider_keys.OLLAMA_API_KEY' --stack dev",
        ),
        (ModelStatus.KEY_REFUSED, STORED, "on the admin pages"),
        (ModelStatus.KEY_REFUSED, ModelDeployment("small", "chat", "small"), "stacks/models/small.yaml"),
        (
            ModelStatus.UNREACHABLE,
            ModelDeployment("s", "chat", "s", served_at="http://host:1"),
            "start what serves http://host:1",
        ),
        (ModelStatus.NOT_FOUND, SMALL, "correct `model` in stacks/models/small.yaml"),
        (ModelStatus.NOT_FOUND, STORED, "on the admin pages"),
        (ModelStatus.NOT_FOUND, ModelDeployment("small", "chat", "small"), "does not list it: `python -m ops up dev`"),
        (ModelStatus.TIMED_OUT, SMALL, "--timeout"),
        (ModelStatus.RATE_LIMITED, SMALL, "try again later"),
        (ModelStatus.OTHER, SMALL, "docker logs"),
    ],
)
def test_the_fix_names_what_to_do(status: ModelStatus, model: ModelDeployment, words: str) -> None:
    assert words in fix_for(status, model, "dev")


@pytest.mark.parametrize("status", list(ModelStatus))
def test_only_what_needs_no_cure_has_none(status: ModelStatus) -> None:
    assert bool(fix_for(status, SMALL, "dev")) is (status not in {ModelStatus.WORKING, ModelStatus.NOT_ASKED})
