"""Chat completions sent side by side, each one timed."""

import asyncio
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

import httpx

from ops.load.latency import Sample, Summary

CHAT = "/v1/chat/completions"
TOKENS = 16
"""At most, an answer: it may cost money."""
STREAM_END = "data: [DONE]"


@dataclass(frozen=True)
class Burst:
    """What is sent."""

    model: str
    requests: int
    concurrency: int
    """Requests that are under way at once."""
    stream: bool
    timeout: float
    """Seconds for one request."""

    @property
    def body(self) -> dict[str, Any]:
        """Of each request."""
        return {
            "model": self.model,
            "messages": [{"role": "user", "content": "ping"}],
            "max_tokens": TOKENS,
            "stream": self.stream,
        }


async def send(
    burst: Burst,
    url: str,
    headers: Mapping[str, str],
    report: Callable[[Sample], None],
    transport: httpx.AsyncBaseTransport | None = None,
) -> Summary:
    """Send all requests to a proxy, `concurrency` at a time, and report each as it ends."""
    numbers, samples = iter(range(burst.requests)), list[Sample]()

    async def work(client: httpx.AsyncClient) -> None:
        for _ in numbers:
            sample = await ask(client, burst)
            samples.append(sample)
            report(sample)

    limits = httpx.Limits(max_connections=burst.concurrency, max_keepalive_connections=burst.concurrency)
    # A proxy of the environment would be what is measured.
    async with httpx.AsyncClient(
        base_url=url, headers=headers, timeout=burst.timeout, limits=limits, trust_env=False, transport=transport
    ) as client:
        begin = time.monotonic()
        await asyncio.gather(*(work(client) for _ in range(min(burst.concurrency, burst.requests))))
        return Summary(tuple(samples), time.monotonic() - begin)


async def ask(client: httpx.AsyncClient, burst: Burst) -> Sample:
    """Send one request and time it to the end of its answer."""
    begin = time.monotonic()
    first: float | None = None
    failure: str | None = None
    try:
        async with asyncio.timeout(burst.timeout), client.stream("POST", CHAT, json=burst.body) as answer:
            if answer.status_code != HTTPStatus.OK:
                await answer.aread()
                failure = f"HTTP {answer.status_code}"
            elif burst.stream:
                first, failure = await _read_stream(answer, begin)
            elif not (await _json(answer)).get("choices"):
                failure = "no completion in the answer"
    except (httpx.TimeoutException, TimeoutError):
        failure = "timed out"
    except httpx.HTTPError as error:
        failure = type(error).__name__
    return Sample(time.monotonic() - begin, first, failure)


async def _read_stream(answer: httpx.Response, begin: float) -> tuple[float | None, str | None]:
    first, last = None, ""
    async for line in answer.aiter_lines():
        if line.startswith("data:"):
            first = first if first is not None else time.monotonic() - begin
            last = line
    return first, None if last.strip() == STREAM_END else "stream without its end"


async def _json(answer: httpx.Response) -> dict[str, Any]:
    await answer.aread()
    try:
        body = answer.json()
    except ValueError:
        return {}
    return body if isinstance(body, dict) else {}
