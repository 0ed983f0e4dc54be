"""Send chat completions in parallel and time each one."""

import asyncio
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

import httpx

from ops.check.load.latency import LoadResult, RequestTiming
from ops.stack.litellm_admin import direct_connection

CHAT_PATH = "/v1/chat/completions"
MAX_TOKENS = 16
"""Of one answer: it may cost money."""
STREAM_END = "data: [DONE]"


@dataclass(frozen=True)
class LoadSpec:
    """The load to send."""

    model: str
    requests: int
    concurrency: int
    """Requests in flight at once."""
    stream: bool
    timeout: float
    """Seconds for one request."""

    @property
    def body(self) -> dict[str, Any]:
        """Body of each request."""
        return {
            "model": self.model,
            "messages": [{"role": "user", "content": "ping"}],
            "max_tokens": MAX_TOKENS,
            "stream": self.stream,
        }


async def send_load(
    spec: LoadSpec,
    url: str,
    headers: Mapping[str, str],
    report: Callable[[RequestTiming], None],
    transport: httpx.AsyncBaseTransport | None = None,
) -> LoadResult:
    """Send all requests to a proxy and report each one when it ends."""
    numbers, timings = iter(range(spec.requests)), list[RequestTiming]()

    async def work(client: httpx.AsyncClient) -> None:
        for _ in numbers:
            timing = await send_request(client, spec)
            timings.append(timing)
            report(timing)

    limits = httpx.Limits(max_connections=spec.concurrency, max_keepalive_connections=spec.concurrency)
    async with httpx.AsyncClient(
        base_url=url, headers=headers, timeout=spec.timeout, limits=limits, transport=transport, **direct_connection()
    ) as client:
        begin = time.monotonic()
        await asyncio.gather(*(work(client) for _ in range(min(spec.concurrency, spec.requests))))
        return LoadResult(tuple(timings), time.monotonic() - begin)


async def send_request(client: httpx.AsyncClient, spec: LoadSpec) -> RequestTiming:
    """Send one request and time it to the end of its answer."""
    begin = time.monotonic()
    first: float | None = None
    failure: str | None = None
    try:
        async with asyncio.timeout(spec.timeout), client.stream("POST", CHAT_PATH, json=spec.body) as answer:
            if answer.status_code != HTTPStatus.OK:
                await answer.aread()
                failure = f"HTTP {answer.status_code}"
            elif spec.stream:
                first, failure = await _read_stream(answer, begin)
            elif not (await _read_json(answer)).get("choices"):
                failure = "no completion in the answer"
    except (httpx.TimeoutException, TimeoutError):
        failure = "timed out"
    except httpx.HTTPError as error:
        failure = type(error).__name__
    return RequestTiming(time.monotonic() - begin, first, failure)


async def _read_stream(answer: httpx.Response, begin: float) -> tuple[float | None, str | None]:
    first, last = None, ""
    async for line in answer.aiter_lines():
        if line.startswith("data:"):
            first = first if first is not None else time.monotonic() - begin
            last = line
    return first, None if last.strip() == STREAM_END else "stream without its end"


async def _read_json(answer: httpx.Response) -> dict[str, Any]:
    await answer.aread()
    try:
        body = answer.json()
    except ValueError:
        return {}
    return body if isinstance(body, dict) else {}
