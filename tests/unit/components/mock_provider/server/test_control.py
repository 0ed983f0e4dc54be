"""The settings of the running mock provider."""

import time
from typing import Any

import pytest
from pydantic import ValidationError

from components.mock_provider.server.control import Control, Fault, FaultKind

CHAT = "/openai/v1/chat/completions"
ASK: dict[str, Any] = {"model": "small", "messages": [{"role": "user", "content": "how are you"}]}


def test_settings_are_returned_as_they_were_put(provider: Any) -> None:
    settings = {"latency_ms": 5, "chunk_latency_ms": 1, "chunks": 3, "faults": [{"kind": "hang", "model": "small"}]}
    provider.obey(**settings)
    shown = provider.send("GET", "/control").json()
    assert shown == {**settings, "faults": [{"kind": "hang", "model": "small", "times": None}]}


def test_key_left_out_returns_to_its_default(provider: Any) -> None:
    provider.obey(chunks=3)
    provider.obey(latency_ms=1)
    assert provider.send("GET", "/control").json()["chunks"] == 8


@pytest.mark.parametrize(
    "settings", [{"latency": 5}, {"chunks": 0}, {"faults": [{"kind": "nap"}]}, {"faults": [{"kind": "hang", "for": 2}]}]
)
def test_wrong_settings_are_refused_and_the_old_stay(provider: Any, settings: dict[str, Any]) -> None:
    provider.obey(chunks=3)
    assert provider.send("PUT", "/control", settings).status_code == 422
    assert provider.send("GET", "/control").json()["chunks"] == 3


def test_environment_sets_the_start() -> None:
    environment = {"MOCK_LATENCY_MS": "20", "MOCK_FAULTS": '[{"kind": "rate_limit", "times": 2}]', "PATH": "/bin"}
    assert Control.from_environment(environment) == Control(
        latency_ms=20, faults=(Fault(kind=FaultKind.RATE_LIMIT, times=2),)
    )


def test_unknown_variable_is_refused() -> None:
    with pytest.raises(ValidationError, match="latency"):
        Control.from_environment({"MOCK_LATENCY": "20"})


def test_fault_of_two_times_happens_twice(provider: Any) -> None:
    provider.obey(faults=[{"kind": "rate_limit", "times": 2}])
    assert [provider.post(CHAT, **ASK).status_code for _ in range(3)] == [429, 429, 200]
    assert provider.send("GET", "/control").json()["faults"] == []


def test_fault_of_one_model_spares_the_others(provider: Any) -> None:
    provider.obey(faults=[{"kind": "server_error", "model": "small"}])
    assert provider.post(CHAT, **ASK).status_code == 500
    assert provider.post(CHAT, **{**ASK, "model": "large"}).status_code == 200


def test_hang_never_answers(provider: Any) -> None:
    provider.obey(faults=[{"kind": "hang", "times": 1}])
    with pytest.raises(TimeoutError):
        provider.send("POST", CHAT, ASK, patience=0.2)
    assert provider.post(CHAT, **ASK).status_code == 200
    assert provider.counts()["total"]["outcomes"] == {"hang": 1, "answered": 1}


def test_latency_is_before_the_answer_and_between_chunks(provider: Any) -> None:
    provider.obey(latency_ms=60, chunk_latency_ms=20, chunks=3)
    start = time.perf_counter()
    provider.post(CHAT, **ASK)
    plain = time.perf_counter() - start
    provider.post(CHAT, **ASK, stream=True)
    streamed = time.perf_counter() - start - plain
    assert plain >= 0.06
    assert streamed >= 0.06 + 5 * 0.02  # role, three words, finish and end are six frames
