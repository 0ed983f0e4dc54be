"""A model is judged by what LiteLLM says of it, provider by provider, and each verdict has its cure."""

import json
from pathlib import Path

import pytest

from ops.check.deployment import ServedModel
from ops.check.model_status import Judgement, Reply, Verdict, cure, judge

FAILURES: list[tuple[str, str, str, int, str]] = json.loads(
    Path(__file__).with_name("litellm_failures.json").read_text()
)
"""What LiteLLM 1.108.7 said: provider, mode, what was wrong, status, message."""
EXPECTED = {
    "authentication": Verdict.KEY_REFUSED,
    "bad_request": Verdict.OTHER,
    "hang": Verdict.TIMED_OUT,
    "missing_key": Verdict.KEY_MISSING,
    "no_name": Verdict.UNREACHABLE,
    "not_found": Verdict.NOT_FOUND,
    "rate_limit": Verdict.RATE_LIMITED,
    "refused_port": Verdict.UNREACHABLE,
    "server_error": Verdict.OTHER,
    "timeout": Verdict.TIMED_OUT,
    "unknown_name": Verdict.NOT_FOUND,
}
SMALL = ServedModel("small", "chat", "small", ids=frozenset({"one"}), key="OLLAMA_API_KEY")
STORED = ServedModel("small", "chat", "small", stored=True)
GOOD = json.dumps({"choices": [{"message": {"content": "pong"}}]})


def refusal(status: int, message: str) -> Reply:
    return Reply(
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
def test_each_failure_of_each_provider_has_its_verdict(
    provider: str, mode: str, wrong: str, status: int, message: str
) -> None:
    expected = EXPECTED[wrong]
    if wrong == "missing_key" and sends_without_a_key(provider, mode):
        expected = Verdict.UNREACHABLE
    found = judge(SMALL, refusal(status, message), "choices")
    assert found.verdict is expected
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
    ("reply", "verdict"),
    [
        (
            refusal(400, 'litellm.BadRequestError: GeminiException - {"message": "API key not valid."}'),
            Verdict.KEY_REFUSED,
        ),
        (refusal(403, "litellm.PermissionDeniedError: no access"), Verdict.KEY_REFUSED),
        (refusal(400, "/chat/completions: Invalid model name passed in model=small."), Verdict.NOT_FOUND),
        (refusal(504, "upstream"), Verdict.TIMED_OUT),
        (refusal(429, "No deployments available for selected model, Try again in 5 seconds."), Verdict.OTHER),
        (Reply(503, "<html>no server</html>"), Verdict.OTHER),
        (Reply(599, ""), Verdict.OTHER),
        (Reply(None, "no answer within 60 s"), Verdict.TIMED_OUT),
        (Reply(200, GOOD), Verdict.WORKING),
        (Reply(200, GOOD, {"x-litellm-model-id": "one", "x-litellm-attempted-fallbacks": "0"}), Verdict.WORKING),
        (Reply(200, '{"choices": []}'), Verdict.OTHER),
        (Reply(200, "pong"), Verdict.OTHER),
    ],
)
def test_each_reply_has_its_verdict(reply: Reply, verdict: Verdict) -> None:
    assert judge(SMALL, reply, "choices").verdict is verdict


@pytest.mark.parametrize(
    ("headers", "detail"),
    [
        ({"x-litellm-model-id": "another"}, "another deployment answered in its place: another"),
        ({"x-litellm-attempted-fallbacks": "1"}, "a fallback answered in its place"),
    ],
)
def test_an_answer_of_another_deployment_is_not_the_models(headers: dict[str, str], detail: str) -> None:
    assert judge(SMALL, Reply(200, GOOD, headers), "choices") == Judgement(Verdict.OTHER, detail)


@pytest.mark.parametrize("failure", [row[3:] for row in FAILURES[:10]])
def test_a_model_whose_key_is_not_set_lacks_its_key_whatever_the_provider_says(failure: tuple[int, str]) -> None:
    model = ServedModel("small", "chat", "small", key="OLLAMA_API_KEY", key_missing=True)
    assert judge(model, refusal(*failure), "choices").verdict is Verdict.KEY_MISSING


def test_a_model_that_works_without_its_key_works() -> None:
    model = ServedModel("small", "chat", "small", key="OLLAMA_API_KEY", key_missing=True)
    assert judge(model, Reply(200, GOOD), "choices").verdict is Verdict.WORKING


@pytest.mark.parametrize(
    ("verdict", "model", "words"),
    [
        (Verdict.KEY_MISSING, SMALL, "pulumi config set --secret --path 'gateway:keys.OLLAMA_API_KEY' --stack dev"),
        (Verdict.KEY_REFUSED, SMALL, "pulumi config set --secret --path 'gateway:keys.OLLAMA_API_KEY' --stack dev"),
        (Verdict.KEY_REFUSED, STORED, "on the admin pages"),
        (Verdict.KEY_REFUSED, ServedModel("small", "chat", "small"), "stacks/models/small.yaml"),
        (
            Verdict.UNREACHABLE,
            ServedModel("s", "chat", "s", served_at="http://host:1"),
            "start what serves http://host:1",
        ),
        (Verdict.NOT_FOUND, SMALL, "correct `model` in stacks/models/small.yaml"),
        (Verdict.NOT_FOUND, STORED, "on the admin pages"),
        (Verdict.NOT_FOUND, ServedModel("small", "chat", "small"), "does not list it: `python -m ops up dev`"),
        (Verdict.TIMED_OUT, SMALL, "--timeout"),
        (Verdict.RATE_LIMITED, SMALL, "ask again later"),
        (Verdict.OTHER, SMALL, "docker logs"),
    ],
)
def test_the_cure_names_what_to_do(verdict: Verdict, model: ServedModel, words: str) -> None:
    assert words in cure(verdict, model, "dev")


@pytest.mark.parametrize("verdict", list(Verdict))
def test_only_what_needs_no_cure_has_none(verdict: Verdict) -> None:
    assert bool(cure(verdict, SMALL, "dev")) is (verdict not in {Verdict.WORKING, Verdict.NOT_ASKED})
