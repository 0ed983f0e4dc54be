"""A 401 counts where a deployment was called, and stays LiteLLM's own where none was."""

import sys
from types import ModuleType
from typing import Any

import pytest

from components.litellm.worker.hooks.provider_failures import LOGGER, MODULE, REJECTED, SKIP, start
from tests.unit.components.litellm.worker.hooks.releases import module, warnings_of

MARK = {REJECTED: "rejected"}
"""LiteLLM's name of the mark."""


class PrometheusLogger:
    """A class in the place of LiteLLM's, which skips every request."""

    def _should_skip_metrics_for_invalid_key(
        self, kwargs: Any = None, enum_values: Any = None, standard_logging_payload: Any = None
    ) -> bool:
        return (kwargs, enum_values, standard_logging_payload) != (None, None, None)


@pytest.fixture
def logger(monkeypatch: pytest.MonkeyPatch) -> PrometheusLogger:
    """LiteLLM's logger with its method replaced."""
    replaced = type(LOGGER, (PrometheusLogger,), {SKIP: getattr(PrometheusLogger, SKIP)})
    monkeypatch.setitem(sys.modules, MODULE, module(MODULE, **{LOGGER: replaced}, **MARK))
    start()
    made: PrometheusLogger = replaced()
    return made


def skipped(logger: PrometheusLogger, payload: Any, request: Any = None) -> Any:
    """Ask as LiteLLM does."""
    return getattr(logger, SKIP)(kwargs=request, standard_logging_payload=payload)


def request(where: str) -> dict[str, Any]:
    return {"litellm_params": {where: {"model_info": {"id": "7c4d"}}}}


@pytest.mark.parametrize(
    ("payload", "asked"),
    [({"model_id": "7c4d"}, None), ({}, request("metadata")), ({"model_id": None}, request("litellm_metadata"))],
    ids=["payload", "metadata", "metadata of other routes"],
)
def test_a_request_that_called_a_deployment_is_counted(logger: PrometheusLogger, payload: Any, asked: Any) -> None:
    assert skipped(logger, payload, asked) is False


@pytest.mark.parametrize(
    ("payload", "asked"),
    [
        ({"model_id": ""}, {}),
        ({}, {"litellm_params": None}),
        ({}, {"litellm_params": {"metadata": None}}),
        ({}, {"litellm_params": {"metadata": {"model_info": {}}}}),
        ({"model_id": "7c4d"}, {"litellm_params": {"rejected": True, "metadata": {"model_info": {"id": "7c4d"}}}}),
        ("text", "text"),
    ],
    ids=["no id", "no parameters", "no metadata", "no deployment", "the id of one that was not called", "another form"],
)
def test_a_request_that_called_none_is_litellm_s_own(logger: PrometheusLogger, payload: Any, asked: Any) -> None:
    assert skipped(logger, payload, asked) is True


def test_arguments_without_names_are_litellm_s_own(logger: PrometheusLogger) -> None:
    assert getattr(logger, SKIP)(request("metadata")) is True


@pytest.mark.parametrize(
    "other",
    [
        None,
        module(MODULE, **MARK),
        module(MODULE, **{LOGGER: PrometheusLogger}),
        module(MODULE, **{LOGGER: type(LOGGER, (), {})}, **MARK),
        module(MODULE, **{LOGGER: type(LOGGER, (), {SKIP: print})}, **MARK),
        module(
            MODULE,
            **{LOGGER: type(LOGGER, (), {SKIP: staticmethod(lambda kwargs, standard_logging_payload: False)})},
            **MARK,
        ),
    ],
    ids=["no module", "no logger", "no mark", "no method", "other arguments", "a static method"],
)
def test_release_with_another_method_keeps_it_and_says_so(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, other: ModuleType | None
) -> None:
    own = getattr(getattr(other, LOGGER, None), SKIP, None)
    monkeypatch.setitem(sys.modules, MODULE, other)
    assert warnings_of(start, caplog) == [
        f"{MODULE} skips failures otherwise: that is not replaced, and a provider's 401 may raise no alert"
    ]
    assert getattr(getattr(other, LOGGER, None), SKIP, None) is own
