"""Each model is asked once, by its mode, without fallback and retry."""

import json
from dataclasses import replace

import httpx
import pytest

from ops.check.model.check import SAMPLE_REQUESTS, check_all
from ops.check.model.deployment import ModelDeployment
from ops.check.model.status import Classification, ModelStatus
from ops.errors import OperationError
from tests.unit.ops.gateways import KEY, gateway_of
from tests.unit.ops.litellm import PROVIDER_KEY, LiteLLM, check, with_keys
from tests.unit.ops.proxied import beside_a_proxy

SMALL = ModelDeployment("small", "chat", "small")


def test_each_model_is_asked_once_by_its_mode_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    answers, gateway = LiteLLM({}), gateway_of("dev")
    results = check(monkeypatch, gateway, answers)
    assert {result.status for result in results} == {ModelStatus.WORKING}
    bodies = {json.loads(request.content)["model"]: request for request in answers.requests}
    assert bodies.keys() == gateway.settings.catalogue.keys()
    assert len(answers.requests) == len(bodies)
    for name, model in gateway.settings.catalogue.items():
        assert bodies[name].url.path == SAMPLE_REQUESTS[model.mode].path
        assert json.loads(bodies[name].content)["disable_fallbacks"] is True
        assert bodies[name].headers["x-litellm-num-retries"] == "0"


def test_models_are_never_asked_through_the_environment_s_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    with beside_a_proxy(monkeypatch) as url:
        (result,) = check_all(replace(gateway_of("dev"), proxy_url=url), [SMALL], concurrency=1, timeout=7.0)
    assert result.status is ModelStatus.WORKING


def test_no_more_models_are_asked_at_once_than_allowed(monkeypatch: pytest.MonkeyPatch) -> None:
    answers = LiteLLM({}, seconds=0.01)
    check(monkeypatch, gateway_of("dev"), answers)
    assert answers.most == 3


def test_a_mode_without_a_sample_request_is_not_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    picture = ModelDeployment("picture", "image_generation", "picture", stored=True)
    answers = LiteLLM({})
    (result,) = check(monkeypatch, gateway_of("dev"), answers, [picture])
    assert (result.status, answers.requests) == (ModelStatus.NOT_ASKED, [])


def test_no_answer_in_time_is_timed_out(monkeypatch: pytest.MonkeyPatch) -> None:
    answers = LiteLLM({"small": httpx.ReadTimeout("late")})
    (result,) = check(monkeypatch, gateway_of("dev"), answers, [SMALL])
    assert result.classification == Classification(ModelStatus.TIMED_OUT, "no answer within 7 s")


def test_a_gateway_that_does_not_answer_is_no_models_fault(monkeypatch: pytest.MonkeyPatch) -> None:
    answers = LiteLLM({"small": httpx.ConnectError("refused")})
    with pytest.raises(OperationError, match=r"^the gateway did not answer /v1/chat/completions: refused"):
        check(monkeypatch, gateway_of("dev"), answers, [SMALL])


def test_a_key_that_a_provider_repeats_is_not_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    answers = LiteLLM({"small": (401, f"Incorrect API key provided: {PROVIDER_KEY}; through {KEY}")})
    (result,) = check(monkeypatch, with_keys(gateway_of("prod"), "OLLAMA_API_KEY"), answers, [SMALL])
    detail = "401: Incorrect API key provided: …; through …"
    assert result.classification == Classification(ModelStatus.KEY_REFUSED, detail)
