"""A stack's models are checked, counted against a threshold, and printed with status and fix."""

import json
from collections import Counter
from pathlib import Path

import pytest
from rich.console import Console

from ops.check import models
from ops.check.model.check import ModelResult
from ops.check.model.deployment import ModelDeployment
from ops.check.model.status import Classification, ModelStatus
from ops.check.models import Threshold, check_models, print_results
from ops.errors import OperationError
from ops.stack.litellm_admin import LiteLLMAdmin
from tests.unit.ops.gateways import gateway_of
from tests.unit.ops.litellm import LiteLLM, check, with_keys

FAILURES = json.loads((Path(__file__).parent / "model" / "litellm_failures.json").read_text())
KEYS = ("OLLAMA_API_KEY", "VOYAGE_API_KEY", "COHERE_API_KEY")


def failure(provider: str, mode: str, wrong: str) -> tuple[int, str]:
    """What LiteLLM said."""
    return next((status, text) for *what, status, text in FAILURES if what == [provider, mode, wrong])


def test_models_that_fail_are_printed_with_status_and_fix(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    answers = LiteLLM(
        {
            "gemini-1.5-flash": failure("gemini", "chat", "missing_key"),
            "gemini-1.5-pro": failure("gemini", "chat", "missing_key"),
            "llama3.1-test": failure("ollama_chat", "chat", "refused_port"),
            "embed-arctic-l-v2": failure("openai", "embedding", "refused_port"),
        }
    )
    gateway = with_keys(gateway_of("prod"), *KEYS)
    results = check(monkeypatch, gateway, answers)
    assert Counter(result.status for result in results) == {
        ModelStatus.WORKING: 14,
        ModelStatus.KEY_MISSING: 2,
        ModelStatus.UNREACHABLE: 2,
    }
    console = Console(width=200, record=True)
    print_results(console, gateway, results)
    text = console.export_text()
    assert "14 of 18 working" in text
    assert (
        "key missing: gemini-1.5-flash, gemini-1.5-pro:"
        " `pulumi config set --secret --path 'gateway:provider_keys.GEMINI_API_KEY' --stack prod`"
    ) in text
    assert "unreachable: embed-arctic-l-v2: start what serves http://host.docker.internal:8080/v1" in text
    assert "unreachable: llama3.1-test: start what serves http://host.docker.internal:11434" in text


def rows(working: int, failing: int) -> list[ModelResult]:
    model = ModelDeployment("small", "chat", "small")
    statuses = [ModelStatus.WORKING] * working + [ModelStatus.OTHER] * failing
    return [ModelResult(model, Classification(status)) for status in statuses]


@pytest.mark.parametrize(
    ("text", "working", "failing", "met"),
    [
        ("14", 14, 4, True),
        ("15", 14, 4, False),
        ("78%", 14, 4, False),
        ("77%", 14, 4, True),
        ("100%", 18, 0, True),
        ("100%", 17, 1, False),
        ("0", 0, 18, True),
        ("0%", 0, 18, True),
    ],
)
def test_a_threshold_is_a_number_or_a_share(text: str, working: int, failing: int, *, met: bool) -> None:
    assert Threshold.parse(text).is_met(rows(working, failing)) is met


def test_a_model_that_is_not_asked_counts_neither_way() -> None:
    picture = ModelDeployment("picture", "image_generation", "picture")
    assert Threshold.parse("100%").is_met([ModelResult(picture, Classification(ModelStatus.NOT_ASKED))])


@pytest.mark.parametrize("text", ["", "many", "-1", "101%", "0.5", "%", "14 %"])
def test_a_malformed_threshold_is_refused_first(monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    monkeypatch.setattr(models, "find_gateway", lambda _: pytest.fail("the gateway was looked for"))
    with pytest.raises(OperationError, match="should be a number of models, such as 14, or a share, such as 75%"):
        check_models("dev", threshold=text, concurrency=1, timeout=1, as_json=False)


@pytest.mark.parametrize(("threshold", "enough"), [("1", True), ("100%", False)])
def test_too_few_working_models_are_not_enough(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], threshold: str, *, enough: bool
) -> None:
    monkeypatch.setattr(models, "find_gateway", gateway_of)
    monkeypatch.setattr(models, "require_own_port", lambda _: None)
    monkeypatch.setattr(LiteLLMAdmin, "deployments", lambda _: [])
    monkeypatch.setattr(models, "check_all", lambda *_: rows(1, 1))
    assert check_models("dev", threshold=threshold, concurrency=1, timeout=1, as_json=True) is enough
    printed = json.loads(capsys.readouterr().out)
    assert (printed["working"], printed["enough"], len(printed["models"])) == (1, enough, 2)


def test_a_model_of_the_database_is_shown_letter_by_letter() -> None:
    model = ModelDeployment("[small] :bug:", "[/chat]", "small", stored=True)
    console = Console(width=200, record=True)
    print_results(console, gateway_of("dev"), [ModelResult(model, Classification(ModelStatus.KEY_REFUSED, "[/401]"))])
    text = console.export_text()
    for word in ("[small] :bug:", "[/chat]", "[/401]", "key refused: [small] :bug:"):
        assert word in text
