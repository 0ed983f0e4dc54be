"""Many requests side by side: streams, large bodies, and callers beside them."""

import asyncio
import json
import math
import time
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Iterable, Sequence
from dataclasses import dataclass, field
from itertools import accumulate
from typing import Any

import httpx

from testbed.completion import CHAT, MODEL, question

STREAM_TYPE, STREAM_END = "text/event-stream", b"data: [DONE]"
"""By which an answer is known as a stream, and a stream as whole."""
STREAM_CUT = "stream cut"
"""Result of a stream whose answer began well and lacks its end mark."""
PIECE_BYTES = 2**16
"""A body is sent in pieces of this size, so that many clients with one body hold it once."""


@dataclass(frozen=True)
class Asked:
    """How one request ended."""

    result: int | str
    """The answer's status, or the error's name."""
    first: float
    """Seconds until the first piece of the answer."""
    seconds: float
    """Seconds until its end."""
    retry_after: str | None = None
    sent: float = 0
    """Unix time."""


@dataclass
class Load:
    """Requests of one kind."""

    answers: list[Asked] = field(default_factory=list)

    @property
    def results(self) -> Counter[int | str]:
        """How many requests ended how."""
        return Counter(each.result for each in self.answers)

    @property
    def failed(self) -> int:
        """How many requests got no good answer."""
        return len(self.answers) - self.results[200]

    def text(self) -> str:
        """Say how many requests ended how."""
        return ", ".join(f"{count} × {result}" for result, count in self.results.most_common()) or "no requests"

    def quantile(self, share: float, *, first: bool = False) -> float:
        """Return a quantile of the times of those that were answered."""
        return quantile([each.first if first else each.seconds for each in self.answers if each.result == 200], share)

    @property
    def most_streamed(self) -> int:
        """How many answers flowed at the same time, from their first piece to their end, at most."""
        begins = [(each.sent + each.first, 1) for each in self.answers if each.result == 200]
        ends = [(each.sent + each.seconds, -1) for each in self.answers if each.result == 200]
        return max(accumulate(step for _, step in sorted([*begins, *ends])), default=0)


def quantile(values: Sequence[float], share: float) -> float:
    """Return a quantile of the values; infinity where there are none, so that no goal holds for them."""
    ordered = sorted(values) or [math.inf]
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


def client(url: str) -> httpx.AsyncClient:
    """Open a client that opens as many connections as it is asked to."""
    limits = httpx.Limits(max_connections=None, max_keepalive_connections=0)
    return httpx.AsyncClient(base_url=url, timeout=600, limits=limits, trust_env=False)


def body_of(model: str = MODEL, content: str = "ping", **more: Any) -> bytes:
    """Return the body of a request for a completion."""
    return json.dumps(question(model, **more) | {"messages": [{"role": "user", "content": content}]}).encode()


async def ask(
    open_client: httpx.AsyncClient, key: str, model: str = MODEL, content: str = "ping", **more: Any
) -> Asked:
    """Ask for one completion, with more keys of the request such as `stream`, and read it."""
    return await send(open_client, key, body_of(model, content, **more))


async def send(open_client: httpx.AsyncClient, key: str, body: bytes) -> Asked:
    """Send a body that states its size; read the answer."""
    sent, begin, first, end = time.time(), time.monotonic(), 0.0, b""
    headers = {"Authorization": f"Bearer {key}", "Content-Type": "application/json", "Content-Length": f"{len(body)}"}
    try:
        async with open_client.stream("POST", CHAT, content=_pieces(body), headers=headers) as answer:
            async for piece in answer.aiter_raw():
                first = first or time.monotonic() - begin
                end = (end + piece)[-len(STREAM_END) - 4 :]
            status, retry = answer.status_code, answer.headers.get("retry-after")
            stream = answer.headers.get("content-type", "").startswith(STREAM_TYPE)
    except httpx.HTTPError as error:
        return Asked(type(error).__name__, first, time.monotonic() - begin, sent=sent)
    cut = status == 200 and stream and STREAM_END not in end
    return Asked(STREAM_CUT if cut else status, first, time.monotonic() - begin, retry, sent)


async def _pieces(body: bytes) -> AsyncIterator[bytes]:
    for begin in range(0, len(body), PIECE_BYTES):
        yield body[begin : begin + PIECE_BYTES]


async def beside(url: str, key: str, others: Iterable[Awaitable[Asked]], model: str = MODEL) -> tuple[Load, Load]:
    """Start the others; ask again and again until all of them have ended. Return both loads."""
    tasks = [asyncio.ensure_future(each) for each in others]
    own = Load()
    async with client(url) as open_client:
        while not all(task.done() for task in tasks):
            own.answers.append(await ask(open_client, key, model))
            await asyncio.sleep(0.2)
    return own, Load([task.result() for task in tasks])


async def asked_for(url: str, key: str, seconds: float, model: str = MODEL) -> Load:
    """Ask again and again for so long."""
    own, end = Load(), time.monotonic() + seconds
    async with client(url) as open_client:
        while time.monotonic() < end:
            own.answers.append(await ask(open_client, key, model))
            await asyncio.sleep(0.2)
    return own
