"""The mock provider's counts: they equal the usage in its answers."""

import time
from typing import Any

import pytest

CHAT = "/openai/v1/chat/completions"


def ask(words: str = "how are you", **more: Any) -> dict[str, Any]:
    return {"model": "small", "messages": [{"role": "user", "content": words}], **more}


def test_counts_equal_the_usage_in_the_answers(provider: Any) -> None:
    told = [provider.post(CHAT, **ask(words)).json()["usage"] for words in ("one", "one two", "one two three")]
    small = provider.counts()["models"]["small"]
    assert small["requests"] == 3
    assert small["prompt_tokens"] == sum(usage["prompt_tokens"] for usage in told) == 6
    assert small["completion_tokens"] == sum(usage["completion_tokens"] for usage in told) == 24


def test_stream_counts_as_its_plain_answer(provider: Any) -> None:
    provider.post(CHAT, **ask())
    plain = provider.counts()["total"]
    provider.send("DELETE", "/counts")
    provider.post(CHAT, **ask(stream=True))
    assert provider.counts()["total"] == plain


def test_failures_are_counted_by_kind_and_cost_nothing(provider: Any) -> None:
    provider.obey(faults=[{"kind": "timeout", "times": 1}])
    provider.post(CHAT, **ask())
    provider.post(CHAT, model="small")
    counted = provider.counts()["models"]["small"]
    assert counted["outcomes"] == {"timeout": 1, "bad_request": 1}
    assert counted["prompt_tokens"] == counted["completion_tokens"] == 0


def test_reset_removes_all_counts(provider: Any) -> None:
    provider.post(CHAT, **ask())
    provider.send("GET", "/ollama/api/tags")
    assert provider.send("DELETE", "/counts").status_code == 204
    counted = provider.counts()
    assert (counted["total"]["requests"], counted["models"], counted["lookups"]) == (0, {}, {})


def test_lookups_are_counted_apart_from_requests(provider: Any) -> None:
    provider.send("GET", "/ollama/api/tags")
    provider.post("/ollama/api/show", name="llama3.1")
    counted = provider.counts()
    assert counted["lookups"] == {"/ollama/api/tags": 1, "/ollama/api/show": 1}
    assert counted["total"]["requests"] == 0


@pytest.mark.parametrize("more", [{}, {"stream": True}], ids=["plain", "streamed"])
def test_client_that_leaves_before_the_answer_is_counted(provider: Any, more: dict[str, Any]) -> None:
    provider.obey(latency_ms=60_000)
    begin = time.monotonic()
    provider.leave(CHAT, **ask(**more))
    assert time.monotonic() - begin < 5
    small = provider.counts()["models"]["small"]
    assert small["outcomes"] == {"client_left": 1}
    assert small["prompt_tokens"] == 0


def test_client_that_leaves_during_a_stream_is_counted(provider: Any) -> None:
    provider.obey(chunk_latency_ms=60_000)
    provider.leave(CHAT, **ask(stream=True))
    assert provider.counts()["models"]["small"]["outcomes"] == {"client_left": 1}
