"""Each model of a gateway asked once, for real, so many at a time."""

import asyncio
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import httpx
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from components.models.catalog import Mode
from ops.check.deployment import ServedModel
from ops.check.model_status import Judgement, Reply, Verdict, judge
from ops.errors import OperationError
from ops.stack.gateway import Gateway

TOKENS = 16
"""At most, an answer: it may cost money. Some providers take no fewer."""
ALONE = {"disable_fallbacks": True}
"""In the body: a fallback's answer would hide that the model fails."""
ONCE = {"x-litellm-num-retries": "0"}
"""Header: retries would only take time, and cost."""


@dataclass(frozen=True)
class Question:
    """What models of one mode are asked."""

    path: str
    body: dict[str, Any]
    proof: str
    """Key of the body that a full answer holds something under."""


QUESTIONS = {
    Mode.CHAT.value: Question(
        "/v1/chat/completions", {"messages": [{"role": "user", "content": "ping"}], "max_tokens": TOKENS}, "choices"
    ),
    Mode.EMBEDDING.value: Question("/v1/embeddings", {"input": "ping"}, "data"),
    Mode.RERANK.value: Question("/v1/rerank", {"query": "ping", "documents": ["ping", "pong"]}, "results"),
}


@dataclass(frozen=True)
class Outcome:
    """One model's row."""

    model: ServedModel
    judgement: Judgement
    seconds: float | None = None

    @property
    def verdict(self) -> Verdict:
        """What became of it."""
        return self.judgement.verdict


def asked(gateway: Gateway, models: Sequence[ServedModel], concurrency: int, timeout: float) -> list[Outcome]:
    """Ask with the progress on standard error; no outcome holds a secret of the stack."""
    secrets = [key.get_secret_value() for key in gateway.settings.keys.values()] + [gateway.master_key]
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True)) as progress:
        task = progress.add_task("models", total=len(models))
        client = httpx.AsyncClient(
            base_url=gateway.proxy_url,
            headers=gateway.headers | ONCE,
            timeout=timeout,
            limits=httpx.Limits(max_connections=concurrency),
            trust_env=False,
        )

        async def each(slot: asyncio.Semaphore, model: ServedModel) -> Outcome:
            async with slot:
                outcome = await ask(client, model, secrets)
            progress.advance(task)
            return outcome

        async def every() -> list[Outcome]:
            slot = asyncio.Semaphore(concurrency)
            async with client:
                return await asyncio.gather(*(each(slot, model) for model in models))

        return asyncio.run(every())


async def ask(client: httpx.AsyncClient, model: ServedModel, secrets: Iterable[str]) -> Outcome:
    """Ask one model and judge its answer.

    Raises:
        OperationError: when it is the gateway that does not answer.
    """
    question = QUESTIONS.get(model.mode)
    if question is None:
        return Outcome(model, Judgement(Verdict.NOT_ASKED, f"mode {model.mode} is none of {', '.join(QUESTIONS)}"))
    begin = time.monotonic()
    try:
        answer = await client.post(question.path, json={"model": model.asked_as, **question.body, **ALONE})
        reply = Reply(answer.status_code, without(answer.text, secrets), answer.headers)
    except httpx.TimeoutException:
        reply = Reply(None, f"no answer within {client.timeout.read:.0f} s")
    except httpx.HTTPError as error:
        raise OperationError(f"the gateway did not answer {question.path}: {error or type(error).__name__}") from error
    return Outcome(model, judge(model, reply, question.proof), time.monotonic() - begin)


def without(text: str, secrets: Iterable[str]) -> str:
    """Give a text without these secrets: a provider may repeat the key that it refuses."""
    for secret in secrets:
        text = text.replace(secret, "…") if secret else text
    return text
