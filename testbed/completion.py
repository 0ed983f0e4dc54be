"""Chat completions: requests for one, and callers that go on asking."""

import asyncio
import json
import threading
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, Self

import httpx

CHAT = "/v1/chat/completions"
MODEL = "gpt-oss-20b-cloud"


def question(model: str = MODEL, **more: Any) -> dict[str, Any]:
    """Return the body of a chat request."""
    return {"model": model, "messages": [{"role": "user", "content": "ping"}], **more}


def status(url: str, key: str, model: str = MODEL) -> int:
    """Ask for one completion; return the answer's status."""
    headers = {"Authorization": f"Bearer {key}"}
    return httpx.post(f"{url}{CHAT}", json=question(model), headers=headers, timeout=60).status_code


def words(client: httpx.Client, model: str = MODEL, timeout: float = 120) -> Iterator[str]:
    """Ask for a stream; yield its words as they arrive.

    Raises:
        AssertionError: when the stream ends before its end mark.
    """
    with client.stream("POST", CHAT, json=question(model, stream=True), timeout=timeout) as answer:
        assert answer.status_code == 200
        for line in answer.iter_lines():
            if line.startswith("data: {"):
                choices = json.loads(line.removeprefix("data: "))["choices"]
                yield from (choice["delta"]["content"] for choice in choices if choice["delta"].get("content"))
            if line == "data: [DONE]":
                return
    raise AssertionError("the stream broke off")


async def ask_at_once(url: str, keys: Sequence[str]) -> Counter[int | str]:
    """Ask with all keys at the same time; count the answers by status, or by the error's name."""
    async with httpx.AsyncClient(base_url=url, timeout=60, limits=httpx.Limits(max_connections=None)) as client:

        async def ask(key: str) -> int | str:
            try:
                answer = await client.post(CHAT, json=question(), headers={"Authorization": f"Bearer {key}"})
            except httpx.HTTPError as error:
                return type(error).__name__
            return answer.status_code

        return Counter(await asyncio.gather(*map(ask, keys)))


@dataclass
class Caller:
    """Someone who asks for one completion after the other while the body of a `with` statement runs."""

    url: str
    key: str = field(repr=False)
    model: str = MODEL
    results: list[int | str] = field(default_factory=list)
    """Status of each answer, or the error."""
    _ended: threading.Event = field(default_factory=threading.Event)

    @property
    def failures(self) -> list[int | str]:
        """Results that are no answer."""
        return [result for result in self.results if result != 200]

    def _ask(self) -> None:
        while not self._ended.wait(0.2):
            try:
                self.results.append(status(self.url, self.key, self.model))
            except httpx.HTTPError as error:
                self.results.append(repr(error))

    def __enter__(self) -> Self:
        self._thread = threading.Thread(target=self._ask)
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._ended.set()
        self._thread.join()
