"""Metrics of rate limits are LiteLLM's own for requests that have a limit, and for no others."""

import sys
from types import ModuleType
from typing import Any

import pytest

from components.litellm.worker.hooks.rate_limit_metrics import LOGGER, MODULE, SET, start
from tests.unit.components.litellm.worker.hooks.releases import module, warnings_of

UNLIMITED: dict[str, Any] = {"hidden_params": {"additional_headers": {"x-ratelimit-limit-requests": 500}}}
"""A provider's own limit is not the key's."""
LIMITED: dict[str, Any] = {
    "hidden_params": {
        "additional_headers": {"x-ratelimit-api_key-limit-requests": 10, "x-ratelimit-api_key-remaining-requests": 9}
    }
}


class PrometheusLogger:
    """A class in the place of LiteLLM's, which keeps what it was called with."""

    def __init__(self) -> None:
        self.calls: list[Any] = []

    def _set_v3_rate_limit_allowed_and_used_metrics(self, standard_logging_payload: Any, enum_values: Any) -> None:
        self.calls.append((standard_logging_payload, enum_values))


@pytest.fixture
def logger(monkeypatch: pytest.MonkeyPatch) -> PrometheusLogger:
    """LiteLLM's logger with its method replaced, made before that as LiteLLM does."""
    replaced = type(LOGGER, (PrometheusLogger,), {SET: getattr(PrometheusLogger, SET)})
    made: PrometheusLogger = replaced()
    monkeypatch.setitem(sys.modules, MODULE, module(MODULE, **{LOGGER: replaced}))
    start()
    return made


def request(logger: PrometheusLogger, payload: Any) -> None:
    """Count a request as LiteLLM does."""
    getattr(logger, SET)(standard_logging_payload=payload, enum_values="labels")


@pytest.mark.parametrize(
    "payload",
    [UNLIMITED, {}, {"hidden_params": None}, {"hidden_params": {"additional_headers": None}}],
    ids=["a provider's limit", "no parameters", "parameters of none", "headers of none"],
)
def test_requests_without_a_limit_set_nothing(logger: PrometheusLogger, payload: dict[str, Any]) -> None:
    request(logger, payload)
    assert logger.calls == []


@pytest.mark.parametrize(
    "header",
    [
        "x-ratelimit-api_key-limit-requests",
        "x-ratelimit-team-limit-tokens",
        "x-ratelimit-model_per_project-limit-requests",
        "x-ratelimit-model_per_project_itpm-limit-tokens",
    ],
)
def test_limits_are_set_whatever_they_are_of(logger: PrometheusLogger, header: str) -> None:
    payload = {"hidden_params": {"additional_headers": {header: 10}}}
    request(logger, payload)
    assert logger.calls == [(payload, "labels")]


def test_requests_without_a_limit_set_nothing_after_one_that_has_it(logger: PrometheusLogger) -> None:
    for payload in (UNLIMITED, LIMITED, UNLIMITED):
        request(logger, payload)
    assert [payload for payload, _ in logger.calls] == [LIMITED]


@pytest.mark.parametrize(
    "payload", [None, "text", {"hidden_params": "text"}, {"hidden_params": {"additional_headers": 7}}]
)
def test_payload_of_another_form_is_litellm_s_own(logger: PrometheusLogger, payload: Any) -> None:
    request(logger, payload)
    assert logger.calls == [(payload, "labels")]


def test_arguments_without_names_are_litellm_s_own(logger: PrometheusLogger) -> None:
    getattr(logger, SET)(UNLIMITED, "labels")
    assert logger.calls == [(UNLIMITED, "labels")]


@pytest.mark.parametrize(
    "other",
    [
        None,
        module(MODULE),
        module(MODULE, **{LOGGER: type(LOGGER, (), {})}),
        module(MODULE, **{LOGGER: type(LOGGER, (), {SET: print})}),
        module(MODULE, **{LOGGER: type(LOGGER, (), {SET: staticmethod(lambda standard_logging_payload: None)})}),
    ],
    ids=["no module", "no logger", "no method", "no payload", "a static method"],
)
def test_release_with_another_method_keeps_it_and_says_so(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, other: ModuleType | None
) -> None:
    own = getattr(getattr(other, LOGGER, None), SET, None)
    monkeypatch.setitem(sys.modules, MODULE, other)
    assert warnings_of(start, caplog) == [f"{MODULE} sets rate limits otherwise: that is not replaced"]
    assert getattr(getattr(other, LOGGER, None), SET, None) is own
