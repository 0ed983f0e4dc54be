"""Many requests side by side: streams, large bodies, and callers beside them."""

import asyncio
import json
import time
from collections import Counter
from collections.abc import Awaitable, Iterable
from dataclasses import dataclass, field
from itertools import accumulate

import httpx

from testbed.completion import CHAT, MODEL, question


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
    """Monotonic clock."""


@dataclass
class Load:
    """Requests of one kind."""

    asked: list[Asked] = field(default_factory=list)

    @property
    def results(self) -> Counter[int | str]:
        """How many requests ended how."""
        return Counter(each.result for each in self.asked)

    def quantile(self, share: float, *, first: bool = False) -> float:
        """Return a quantile of the times of those that were answered."""
        times = sorted(each.first if first else each.seconds for each in self.asked if each.result == 200)
        return times[min(len(times) - 1, int(len(times) * share))]

    @property
    def most_streamed(self) -> int:
        """How many answers flowed at the same time, from their first piece to their end, at most."""
        begins = [(each.sent + each.first, 1) for each in self.asked if each.result == 200]
        ends = [(each.sent + each.seconds, -1) for each in self.asked if each.result == 200]
        return max(accumulate(step for _, step in sorted([*begins, *ends])), default=0)


def client(url: str) -> httpx.AsyncClient:
    """Open a client that opens as many connections as it is asked to."""
    limits = httpx.Limits(max_connections=None, max_keepalive_connections=0)
    return httpx.AsyncClient(base_url=url, timeout=300, limits=limits, trust_env=False)


async def ask(
    open_client: httpx.AsyncClient, key: str, model: str = MODEL, content: str = "ping", *, stream: bool = False
) -> Asked:
    """Ask for one completion and read it."""
    begin = first = time.monotonic()
    body = question(model, stream=stream) | {"messages": [{"role": "user", "content": content}]}
    headers = {"Authorization": f"Bearer {key}", "Content-Type": "application/json"}
    try:
        async with open_client.stream("POST", CHAT, content=json.dumps(body), headers=headers) as answer:
            async for _ in answer.aiter_raw():
                first = time.monotonic() if first == begin else first
            status, retry = answer.status_code, answer.headers.get("retry-after")
    except httpx.HTTPError as error:
        return Asked(type(error).__name__, 0, time.monotonic() - begin, sent=begin)
    return Asked(status, first - begin, time.monotonic() - begin, retry, begin)


async def beside(url: str, key: str, others: Iterable[Awaitable[Asked]], model: str = MODEL) -> tuple[Load, Load]:
    """Start the others; ask again and again until all of them have ended. Return both loads."""
    tasks = [asyncio.ensure_future(each) for each in others]
    own = Load()
    async with client(url) as open_client:
        while not all(task.done() for task in tasks):
            own.asked.append(await ask(open_client, key, model))
            await asyncio.sleep(0.2)
    return own, Load([task.result() for task in tasks])


async def asked_for(url: str, key: str, seconds: float, model: str = MODEL) -> Load:
    """Ask again and again for so long."""
    own, end = Load(), time.monotonic() + seconds
    async with client(url) as open_client:
        while time.monotonic() < end:
            own.asked.append(await ask(open_client, key, model))
            await asyncio.sleep(0.2)
    return own
