"""Clients that ask a stack on the cluster again and again, and how each answer came out."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from http import HTTPStatus
from statistics import median
from typing import NamedTuple, Self

import httpx

from benchmarks.kubernetes import add, keep
from benchmarks.result import Result
from components.litellm.config_settings import ConfigSettings
from components.litellm.settings import LiteLLMSettings
from testbed.completion import CHAT, question, words

CLIENTS = 4
PAUSE_SECONDS = 0.2
LONGEST_TEXT = 200
"""Characters of a bad answer that are kept."""
TIMEOUT_SECONDS = 30
"""A connection to a node that is gone is never refused."""
STREAMS = 4
STREAM_SECONDS = 60
"""How long a stream takes with LONG_STREAMS."""
CHUNK_PAUSES = 8
"""Of a stream of the mock provider: before each frame but the first."""
LONG_STREAMS = {
    "gateway:mock_provider.chunk_latency_ms": 1000 * STREAM_SECONDS // CHUNK_PAUSES,
    "gateway:litellm.stop_timeout": LiteLLMSettings().stop_timeout,
    "gateway:litellm.config.request_timeout": ConfigSettings().request_timeout,
}
"""Settings of a stack, with the program's defaults where `dev` has shorter times."""


class Answer(NamedTuple):
    """How one request ended."""

    sent: float
    """Seconds of the monotonic clock."""
    ended: float
    result: int | str
    """200, another status with its text, or the error."""


@contextmanager
def in_threads(work: Callable[[int], None], count: int, ended: threading.Event) -> Iterator[None]:
    """Let so many threads work while the body runs, each with its number; at the end tell them, and wait for them."""
    threads = [threading.Thread(target=work, args=(number,)) for number in range(count)]
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        ended.set()
        for thread in threads:
            thread.join()


@dataclass
class Clients:
    """Several clients who ask for one completion after the other while the body of a `with` statement runs."""

    url: str
    key: str = field(repr=False)
    count: int = CLIENTS
    answers: list[Answer] = field(default_factory=list)
    _ended: threading.Event = field(default_factory=threading.Event)
    _running: ExitStack = field(default_factory=ExitStack)

    @property
    def failures(self) -> list[Answer]:
        """Requests without a good answer."""
        return [each for each in self.answers if each.result != HTTPStatus.OK]

    def figure(self, name: str, goal: float | None = 0, text: str = "") -> None:
        """Add how many requests failed to the figures of this run, and keep every request."""
        times = sorted(each.ended - each.sent for each in self.answers if each.result == HTTPStatus.OK) or [0.0]
        seen = f"{len(self.answers)} requests, p50 {median(times):.2f} s, longest {times[-1]:.2f} s"
        add(Result(f"failed requests: {name}", len(self.failures), goal, f"{seen}{text and f'; {text}'}"))
        keep(name, [each._asdict() for each in self.answers])

    def _ask(self, _: int) -> None:
        headers = {"Authorization": f"Bearer {self.key}"}
        while not self._ended.wait(PAUSE_SECONDS):
            sent = time.monotonic()
            try:
                answer = httpx.post(f"{self.url}{CHAT}", json=question(), headers=headers, timeout=TIMEOUT_SECONDS)
                good = answer.status_code == HTTPStatus.OK
                result = answer.status_code if good else f"{answer.status_code}: {answer.text[:LONGEST_TEXT]}"
                self.answers.append(Answer(sent, time.monotonic(), result))
            except httpx.HTTPError as error:
                self.answers.append(Answer(sent, time.monotonic(), repr(error)))

    def __enter__(self) -> Self:
        self._running.enter_context(in_threads(self._ask, self.count, self._ended))
        return self

    def __exit__(self, *_: object) -> None:
        self._running.close()
        print(f"{len(self.answers)} requests, {len(self.failures)} failed")


@dataclass
class Streams:
    """Readers of one stream after the other, while the body of a `with` statement runs, and to the end of the last.

    They begin one by one, so that at any moment some streams are young and some are old.
    """

    url: str
    key: str = field(repr=False)
    results: list[str | None] = field(default_factory=list)
    """Of each stream: why it was refused or broke off; None: it came whole."""
    _ended: threading.Event = field(default_factory=threading.Event)
    _running: ExitStack = field(default_factory=ExitStack)

    @property
    def broken(self) -> list[str]:
        """Streams that did not come whole."""
        return [result for result in self.results if result is not None]

    def _read(self, place: int) -> None:
        pause = place * STREAM_SECONDS / STREAMS
        while not self._ended.wait(pause):
            self.results.append(self._one())
            pause = PAUSE_SECONDS

    def _one(self) -> str | None:
        try:
            with httpx.Client(base_url=self.url, headers={"Authorization": f"Bearer {self.key}"}) as client:
                list(words(client))
        # A line that broke off, or an error in place of a chunk, is no chunk of a completion.
        except (httpx.HTTPError, AssertionError, ValueError, KeyError) as error:
            return repr(error)
        return None

    def __enter__(self) -> Self:
        self._running.enter_context(in_threads(self._read, STREAMS, self._ended))
        return self

    def __exit__(self, *_: object) -> None:
        self._running.close()
        print(f"{len(self.results)} streams, {len(self.broken)} broken")
