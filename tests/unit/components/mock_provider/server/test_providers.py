"""The imitated APIs: each provider's own form of answers, streams and errors."""

import base64
import json
from array import array
from collections.abc import Callable
from typing import Any

import pytest

ASK = [{"role": "user", "content": "how are you"}]
CONTENTS = [{"role": "user", "parts": [{"text": "how are you"}]}]
CALLS: dict[str, dict[str, Any]] = {
    "/openai/v1/chat/completions": {"model": "m", "messages": ASK},
    "/openai/v1/embeddings": {"model": "m", "input": "one"},
    "/llamacpp/v1/embeddings": {"model": "m", "input": "one"},
    "/cohere/v1/rerank": {"model": "m", "query": "one", "documents": ["one"]},
    "/cohere/v2/rerank": {"model": "m", "query": "one", "documents": ["one"]},
    "/cohere/v2/embed": {"model": "m", "texts": ["one"]},
    "/voyage/v1/embeddings": {"model": "m", "input": ["one"]},
    "/voyage/v1/rerank": {"model": "m", "query": "one", "documents": ["one"]},
    "/ollama/api/chat": {"model": "m", "messages": ASK, "stream": False},
    "/ollama/api/generate": {"model": "m", "prompt": "how are you", "stream": False},
    "/ollama/api/embed": {"model": "m", "input": ["one"]},
    "/gemini/v1beta/models/m:generateContent": {"contents": CONTENTS},
    "/gemini/v1beta/models/m:streamGenerateContent": {"contents": CONTENTS},
}
ERROR_TEXT: dict[str, Callable[[Any], str]] = {
    "openai": lambda body: body["error"]["message"],
    "llamacpp": lambda body: body["error"]["message"],
    "cohere": lambda body: body["message"],
    "voyage": lambda body: body["detail"],
    "ollama": lambda body: body["error"],
    "gemini": lambda body: body["error"]["message"],
}
STATUSES = {
    "bad_request": 400,
    "content_policy": 400,
    "authentication": 401,
    "not_found": 404,
    "timeout": 408,
    "rate_limit": 429,
    "server_error": 500,
}


def events(text: str) -> list[dict[str, Any]]:
    lines = [line.removeprefix("data: ") for line in text.split("\n\n") if line]
    return [json.loads(line) for line in lines if line != "[DONE]"]


@pytest.mark.parametrize("path", CALLS)
def test_every_call_is_answered(provider: Any, path: str) -> None:
    assert provider.post(path, **CALLS[path]).status_code == 200


@pytest.mark.parametrize("kind", STATUSES)
@pytest.mark.parametrize("path", CALLS)
def test_fault_has_the_provider_s_own_form(provider: Any, path: str, kind: str) -> None:
    provider.obey(faults=[{"kind": kind}])
    answer = provider.post(path, **CALLS[path])
    assert answer.status_code == STATUSES[kind]
    assert isinstance(ERROR_TEXT[path.split("/")[1]](answer.json()), str)


@pytest.mark.parametrize("path", CALLS)
def test_request_without_a_question_is_refused_in_that_form(provider: Any, path: str) -> None:
    answer = provider.post(path, model="m")
    assert answer.status_code == 400
    assert ERROR_TEXT[path.split("/")[1]](answer.json()).endswith("is required")


def test_same_question_has_the_same_answer_and_another_id(provider: Any) -> None:
    first, second = (provider.post("/openai/v1/chat/completions", model="m", messages=ASK).json() for _ in range(2))
    assert first["choices"] == second["choices"]
    assert first["id"] != second["id"]


def test_openai_stream_ends_with_usage(provider: Any) -> None:
    body = {"model": "m", "messages": ASK}
    plain = provider.post("/openai/v1/chat/completions", **body).json()
    stream = provider.post(
        "/openai/v1/chat/completions", **body, stream=True, stream_options={"include_usage": True}
    ).text
    chunks = events(stream)
    said = "".join(chunk["choices"][0]["delta"].get("content", "") for chunk in chunks if chunk["choices"])
    assert said == plain["choices"][0]["message"]["content"]
    assert chunks[-1]["usage"] == plain["usage"]
    assert stream.endswith("data: [DONE]\n\n")


def test_openai_stream_has_no_usage_by_default(provider: Any) -> None:
    stream = provider.post("/openai/v1/chat/completions", model="m", messages=ASK, stream=True).text
    assert not any("usage" in chunk for chunk in events(stream))


def test_token_limit_cuts_the_answer(provider: Any) -> None:
    answer = provider.post("/openai/v1/chat/completions", model="m", messages=ASK, max_tokens=2).json()
    assert answer["usage"]["completion_tokens"] == 2
    assert answer["choices"][0]["finish_reason"] == "length"


def test_ollama_streams_lines_by_default(provider: Any) -> None:
    plain = provider.post("/ollama/api/chat", model="m", messages=ASK, stream=False).json()
    lines = [json.loads(line) for line in provider.post("/ollama/api/chat", model="m", messages=ASK).text.splitlines()]
    assert "".join(line["message"]["content"] for line in lines) == plain["message"]["content"]
    assert [line["done"] for line in lines] == [False] * 8 + [True]
    assert lines[-1]["eval_count"] == plain["eval_count"] == 8


def test_gemini_streams_the_plain_answer(provider: Any) -> None:
    path = "/gemini/v1beta/models/gemini-1.5-pro"
    plain = provider.post(f"{path}:generateContent", contents=CONTENTS).json()
    parts = events(provider.post(f"{path}:streamGenerateContent?alt=sse", contents=CONTENTS).text)
    said = "".join(part["candidates"][0]["content"]["parts"][0]["text"] for part in parts)
    assert said == plain["candidates"][0]["content"]["parts"][0]["text"]
    assert parts[-1]["usageMetadata"] == plain["usageMetadata"]
    assert provider.counts()["models"].keys() == {"gemini-1.5-pro"}


@pytest.mark.parametrize("path", ["/openai/v1/embeddings", "/voyage/v1/embeddings"])
def test_packed_embeddings_hold_the_same_numbers(provider: Any, path: str) -> None:
    plain = provider.post(path, model="m", input="one").json()["data"][0]["embedding"]
    packed = provider.post(path, model="m", input="one", encoding_format="base64").json()["data"][0]["embedding"]
    assert list(array("f", base64.b64decode(packed))) == plain
    assert len(plain) == 1024


def test_rerank_sorts_by_shared_words(provider: Any) -> None:
    documents = ["a blue dog", "the red fox", {"text": "a red car"}]
    body = {"model": "m", "query": "red fox", "documents": documents}
    cohere = provider.post("/cohere/v2/rerank", **body, top_n=2).json()["results"]
    voyage = provider.post("/voyage/v1/rerank", **body, top_k=2).json()["data"]
    assert [result["index"] for result in cohere] == [result["index"] for result in voyage] == [1, 2]


def test_body_that_is_no_json_is_refused(provider: Any) -> None:
    assert provider.send("POST", "/openai/v1/chat/completions", ["a list"]).status_code == 400
