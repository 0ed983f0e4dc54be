"""Every model is asked for real by its mode, alone and once; those that do not work come with reason and cure."""

import asyncio
import json
from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx
import pytest
from pydantic import SecretStr
from rich.console import Console
from typer import Exit

from ops.check import model_check as roll_call
from ops.check import models
from ops.check.deployment import ServedModel, served_models
from ops.check.model_check import Outcome, asked
from ops.check.model_status import Judgement, Verdict
from ops.check.models import Threshold, run, show
from ops.errors import OperationError
from ops.stack.admin import Admin
from ops.stack.gateway import Gateway
from tests.unit.ops.gateways import KEY, gateway_of

FAILURES = json.loads(Path(__file__).with_name("litellm_failures.json").read_text())
PROVIDER_KEY = "provider-key-not-to-be-seen"
ORIGINAL = httpx.AsyncClient
KEYS = ("OLLAMA_API_KEY", "VOYAGE_API_KEY", "COHERE_API_KEY")
ANSWERS: dict[str, dict[str, Any]] = {
    "/v1/chat/completions": {"choices": [{"message": {"content": "pong"}}]},
    "/v1/embeddings": {"data": [{"embedding": [0.1]}]},
    "/v1/rerank": {"results": [{"index": 0}]},
}


def failure(provider: str, mode: str, wrong: str) -> tuple[int, str]:
    """What LiteLLM said."""
    return next((status, text) for *what, status, text in FAILURES if what == [provider, mode, wrong])


class LiteLLM:
    """Answers each model as told, the others well; keeps what it was asked."""

    def __init__(self, failing: dict[str, tuple[int, str] | Exception], seconds: float = 0) -> None:
        self.failing, self.seconds = failing, seconds
        self.requests: list[httpx.Request] = []
        self.under_way = self.most = 0

    async def __call__(self, request: httpx.Request) -> httpx.Response:
        self.requests.append(request)
        self.under_way += 1
        self.most = max(self.most, self.under_way)
        await asyncio.sleep(self.seconds)
        self.under_way -= 1
        told = self.failing.get(json.loads(request.content)["model"])
        if isinstance(told, Exception):
            raise told
        if told:
            return httpx.Response(told[0], json={"error": {"message": told[1], "code": str(told[0])}})
        return httpx.Response(200, json=ANSWERS[request.url.path])


def ask(
    monkeypatch: pytest.MonkeyPatch, gateway: Gateway, answers: LiteLLM, listed: Iterable[ServedModel] | None = None
) -> list[Outcome]:
    monkeypatch.setattr(
        roll_call.httpx, "AsyncClient", lambda **kind: ORIGINAL(transport=httpx.MockTransport(answers), **kind)
    )
    given = gateway.settings
    wanted = served_models(given.catalogue, given.missing_keys, []) if listed is None else listed
    return asked(gateway, list(wanted), concurrency=3, timeout=7.0)


def with_keys(gateway: Gateway, *names: str) -> Gateway:
    keys = {name: SecretStr(PROVIDER_KEY) for name in names}
    return replace(gateway, settings=gateway.settings.model_copy(update={"keys": keys}))


def test_fourteen_of_eighteen_work_where_gemini_has_no_key_and_two_local_servers_are_down(
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
    outcomes = ask(monkeypatch, gateway, answers)
    assert Counter(outcome.verdict for outcome in outcomes) == {
        Verdict.WORKING: 14,
        Verdict.KEY_MISSING: 2,
        Verdict.UNREACHABLE: 2,
    }
    console = Console(width=200, record=True)
    show(console, gateway, outcomes)
    text = console.export_text()
    assert "14 of 18 working" in text
    assert (
        "key missing: gemini-1.5-flash, gemini-1.5-pro:"
        " `pulumi config set --secret --path 'gateway:keys.GEMINI_API_KEY' --stack prod`"
    ) in text
    assert "unreachable: embed-arctic-l-v2: start what serves http://host.docker.internal:8080/v1" in text
    assert "unreachable: llama3.1-test: start what serves http://host.docker.internal:11434" in text


def test_each_model_is_asked_by_its_mode_alone_and_once(monkeypatch: pytest.MonkeyPatch) -> None:
    answers, gateway = LiteLLM({}), gateway_of("dev")
    outcomes = ask(monkeypatch, gateway, answers)
    assert {outcome.verdict for outcome in outcomes} == {Verdict.WORKING}
    bodies = {json.loads(request.content)["model"]: request for request in answers.requests}
    assert bodies.keys() == gateway.settings.catalogue.keys()
    assert len(answers.requests) == len(bodies)
    for name, entry in gateway.settings.catalogue.items():
        assert bodies[name].url.path == roll_call.QUESTIONS[entry.mode.value].path
        assert json.loads(bodies[name].content)["disable_fallbacks"] is True
        assert bodies[name].headers["x-litellm-num-retries"] == "0"


def test_no_more_models_are_asked_at_once_than_allowed(monkeypatch: pytest.MonkeyPatch) -> None:
    answers = LiteLLM({}, seconds=0.01)
    ask(monkeypatch, gateway_of("dev"), answers)
    assert answers.most == 3


def test_a_mode_that_nothing_asks_for_is_left_out_of_the_count(monkeypatch: pytest.MonkeyPatch) -> None:
    picture = ServedModel("picture", "image_generation", "picture", stored=True)
    answers = LiteLLM({})
    (outcome,) = ask(monkeypatch, gateway_of("dev"), answers, [picture])
    assert (outcome.verdict, answers.requests) == (Verdict.NOT_ASKED, [])
    assert Threshold.parse("100%").met([outcome])


def test_no_answer_in_time_is_timed_out(monkeypatch: pytest.MonkeyPatch) -> None:
    answers = LiteLLM({"small": httpx.ReadTimeout("late")})
    (outcome,) = ask(monkeypatch, gateway_of("dev"), answers, [ServedModel("small", "chat", "small")])
    assert outcome.judgement == Judgement(Verdict.TIMED_OUT, "no answer within 7 s")


def test_a_gateway_that_does_not_answer_is_no_models_fault(monkeypatch: pytest.MonkeyPatch) -> None:
    answers = LiteLLM({"small": httpx.ConnectError("refused")})
    with pytest.raises(OperationError, match=r"^the gateway did not answer /v1/chat/completions: refused"):
        ask(monkeypatch, gateway_of("dev"), answers, [ServedModel("small", "chat", "small")])


def test_a_key_that_a_provider_repeats_is_not_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    answers = LiteLLM({"small": (401, f"Incorrect API key provided: {PROVIDER_KEY}; through {KEY}")})
    gateway = with_keys(gateway_of("prod"), "OLLAMA_API_KEY")
    (outcome,) = ask(monkeypatch, gateway, answers, [ServedModel("small", "chat", "small")])
    assert outcome.judgement == Judgement(Verdict.KEY_REFUSED, "401: Incorrect API key provided: …; through …")


def rows(working: int, failing: int) -> list[Outcome]:
    model = ServedModel("small", "chat", "small")
    verdicts = [Verdict.WORKING] * working + [Verdict.OTHER] * failing
    return [Outcome(model, Judgement(verdict)) for verdict in verdicts]


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
    assert Threshold.parse(text).met(rows(working, failing)) is met


@pytest.mark.parametrize("text", ["", "many", "-1", "101%", "0.5", "%", "14 %"])
def test_what_is_no_threshold_is_refused_before_anything_is_asked(monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    monkeypatch.setattr(models, "find", lambda _: pytest.fail("the gateway was looked for"))
    with pytest.raises(OperationError, match="should be a number of models, such as 14, or a share, such as 75%"):
        run("dev", threshold=text, concurrency=1, timeout=1, as_json=False)


@pytest.mark.parametrize(("threshold", "enough"), [("1", True), ("100%", False)])
def test_too_few_that_work_end_the_verb_with_status_1(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], threshold: str, *, enough: bool
) -> None:
    monkeypatch.setattr(models, "find", gateway_of)
    monkeypatch.setattr(models, "require_own_port", lambda _: None)
    monkeypatch.setattr(Admin, "deployments", lambda _: [])
    monkeypatch.setattr(models, "asked", lambda *_: rows(1, 1))
    if enough:
        run("dev", threshold=threshold, concurrency=1, timeout=1, as_json=True)
    else:
        with pytest.raises(Exit) as ended:
            run("dev", threshold=threshold, concurrency=1, timeout=1, as_json=True)
        assert ended.value.exit_code == 1
    printed = json.loads(capsys.readouterr().out)
    assert (printed["working"], printed["enough"], len(printed["models"])) == (1, enough, 2)
