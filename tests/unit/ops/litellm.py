"""A LiteLLM that answers each model as a test tells it."""

import asyncio
import json
from collections.abc import Iterable
from dataclasses import replace
from typing import Any

import httpx
import pytest
from pydantic import SecretStr

from ops.check.model.check import ModelResult, check_all
from ops.check.model.deployment import ModelDeployment, model_deployments
from ops.stack.gateway import Gateway

PROVIDER_KEY = "provider-key-not-to-be-seen"
ORIGINAL = httpx.AsyncClient
ANSWERS: dict[str, dict[str, Any]] = {
    "/v1/chat/completions": {"choices": [{"message": {"content": "pong"}}]},
    "/v1/embeddings": {"data": [{"embedding": [0.1]}]},
    "/v1/rerank": {"results": [{"index": 0}]},
}


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


def check(
    monkeypatch: pytest.MonkeyPatch, gateway: Gateway, answers: LiteLLM, listed: Iterable[ModelDeployment] | None = None
) -> list[ModelResult]:
    monkeypatch.setattr("httpx.AsyncClient", lambda **kind: ORIGINAL(transport=httpx.MockTransport(answers), **kind))
    given = gateway.settings
    wanted = model_deployments(given.catalogue, given.missing_keys, []) if listed is None else listed
    return check_all(gateway, list(wanted), concurrency=3, timeout=7.0)


def with_keys(gateway: Gateway, *names: str) -> Gateway:
    keys = {name: SecretStr(PROVIDER_KEY) for name in names}
    return replace(gateway, settings=gateway.settings.model_copy(update={"provider_keys": keys}))
