"""Send one real request to each model of a gateway, several at a time."""

import asyncio
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import httpx
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from components.models.model import CHAT, EMBEDDING, RERANK
from ops.check.model.deployment import ModelDeployment
from ops.check.model.status import Classification, ModelResponse, ModelStatus, classify
from ops.errors import OperationError
from ops.stack.gateway import Gateway
from ops.stack.litellm_admin import direct_connection

MAX_TOKENS = 16
"""Of one answer: it may cost money. Some providers accept no fewer."""
NO_FALLBACKS = {"disable_fallbacks": True}
"""Field of the body: a fallback's answer would hide that the model fails."""
NO_RETRIES = {"x-litellm-num-retries": "0"}
"""Header: retries would take time and money."""


@dataclass(frozen=True)
class SampleRequest:
    """The request to send to models of one mode."""

    path: str
    body: dict[str, Any]
    result_key: str
    """Key of the response under which a complete one has something."""


SAMPLE_REQUESTS = {
    CHAT: SampleRequest(
        "/v1/chat/completions", {"messages": [{"role": "user", "content": "ping"}], "max_tokens": MAX_TOKENS}, "choices"
    ),
    EMBEDDING: SampleRequest("/v1/embeddings", {"input": "ping"}, "data"),
    RERANK: SampleRequest("/v1/rerank", {"query": "ping", "documents": ["ping", "pong"]}, "results"),
}


@dataclass(frozen=True)
class ModelResult:
    """The result for one deployment."""

    model: ModelDeployment
    classification: Classification
    seconds: float | None = None

    @property
    def status(self) -> ModelStatus:
        """Whether it works or why not."""
        return self.classification.status


def check_all(
    gateway: Gateway, models: Sequence[ModelDeployment], concurrency: int, timeout: float
) -> list[ModelResult]:
    """Check all models and show the progress on standard error; secrets of the stack are removed from the results."""
    given = (*gateway.settings.provider_keys.values(), *gateway.settings.secret_environment.values())
    secrets = [*(each.get_secret_value() for each in given), gateway.master_key]
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True)) as progress:
        task = progress.add_task("models", total=len(models))
        client = httpx.AsyncClient(
            base_url=gateway.proxy_url,
            headers=gateway.headers | NO_RETRIES,
            timeout=timeout,
            limits=httpx.Limits(max_connections=concurrency),
            **direct_connection(),
        )

        async def check_one(slots: asyncio.Semaphore, model: ModelDeployment) -> ModelResult:
            async with slots:
                result = await check_model(client, model, secrets)
            progress.advance(task)
            return result

        async def check_each() -> list[ModelResult]:
            slots = asyncio.Semaphore(concurrency)
            async with client:
                return await asyncio.gather(*(check_one(slots, model) for model in models))

        return asyncio.run(check_each())


async def check_model(client: httpx.AsyncClient, model: ModelDeployment, secrets: Iterable[str]) -> ModelResult:
    """Send one request to a model and classify the response.

    Raises:
        OperationError: if the gateway itself does not answer.
    """
    request = SAMPLE_REQUESTS.get(model.mode)
    if "*" in model.name:
        return ModelResult(model, Classification(ModelStatus.NOT_ASKED, "it stands for many models"))
    if request is None:
        detail = f"mode {model.mode} is none of {', '.join(SAMPLE_REQUESTS)}"
        return ModelResult(model, Classification(ModelStatus.NOT_ASKED, detail))
    begin = time.monotonic()
    try:
        answer = await client.post(request.path, json={"model": model.asked_as, **request.body, **NO_FALLBACKS})
        response = ModelResponse(answer.status_code, remove_secrets(answer.text, secrets), answer.headers)
    except httpx.TimeoutException:
        response = ModelResponse(None, f"no answer within {client.timeout.read:.0f} s")
    except httpx.HTTPError as error:
        raise OperationError(f"the gateway did not answer {request.path}: {error or type(error).__name__}") from error
    return ModelResult(model, classify(model, response, request.result_key), time.monotonic() - begin)


def remove_secrets(text: str, secrets: Iterable[str]) -> str:
    """Return a text without these secrets: a provider may repeat the key that it refuses."""
    for secret in secrets:
        text = text.replace(secret, "…") if secret else text
    return text
