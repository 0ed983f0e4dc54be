"""Retry policy: how often the provider is called for one request, by its error."""

from concurrent.futures import ThreadPoolExecutor

import httpx

from testbed.completion import CHAT, question
from testbed.mock_provider import MockProvider

CALLS = {
    "authentication": ("gpt-oss-20b-cloud", 1 + 0),
    "timeout": ("llama3.1-test", 1 + 3),
    "rate_limit": ("qwen3-coder-480b-cloud", 1 + 5),
    "content_policy": ("gemini-1.5-flash", 1 + 0),
    "server_error": ("gpt-oss-120b-cloud", 1 + 3),
}
"""Error → a model that fails with it, and the call with its retries: prod's counts."""
OPENAI = "embed-arctic-l-v2"


def test_each_error_is_retried_as_often_as_the_policy_allows(proxy: httpx.Client, mock: MockProvider) -> None:
    mock.fail({model: kind for kind, (model, _) in CALLS.items()} | {OPENAI: "server_error"})

    def ask(kind: str) -> httpx.Response:
        return proxy.post(CHAT, json=question(CALLS[kind][0], disable_fallbacks=True))

    with ThreadPoolExecutor(len(CALLS) + 1) as pool:
        # OpenAI's client would retry by itself, which would multiply the retries of the policy.
        embedding = pool.submit(proxy.post, "/v1/embeddings", json={"model": OPENAI, "input": "ping"})
        answers = dict(zip(CALLS, pool.map(ask, CALLS), strict=True))
    statuses = {kind: answer.status_code for kind, answer in answers.items()}
    assert statuses == {
        "authentication": 401, "timeout": 408, "rate_limit": 429, "content_policy": 400, "server_error": 500,
    }  # fmt: skip
    assert {kind: mock.requests(model) for kind, (model, _) in CALLS.items()} == {
        kind: calls for kind, (_, calls) in CALLS.items()
    }
    assert (embedding.result().status_code, mock.requests(OPENAI)) == (500, 1 + 3)
