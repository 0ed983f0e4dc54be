"""Clients that ask a stack on the cluster again and again, and how each answer came out."""

import threading
import time
from dataclasses import dataclass, field
from http import HTTPStatus
from statistics import median
from typing import NamedTuple, Self

import httpx

from benchmarks.kubernetes import add, keep
from benchmarks.result import Result
from testbed.completion import CHAT, question

CLIENTS = 4
PAUSE_SECONDS = 0.2
LONGEST_TEXT = 200
"""Characters of a bad answer that are kept."""
TIMEOUT_SECONDS = 30
"""A connection to a node that is gone is never refused."""


class Answer(NamedTuple):
    """How one request ended."""

    sent: float
    """Seconds of the monotonic clock."""
    ended: float
    result: int | str
    """200, another status with its text, or the error."""


@dataclass
class Clients:
    """Several clients who ask for one completion after the other while the body of a `with` statement runs."""

    url: str
    key: str = field(repr=False)
    count: int = CLIENTS
    answers: list[Answer] = field(default_factory=list)
    _ended: threading.Event = field(default_factory=threading.Event)

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

    def _ask(self) -> None:
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
        self._threads = [threading.Thread(target=self._ask) for _ in range(self.count)]
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._ended.set()
        for thread in self._threads:
            thread.join()
        print(f"{len(self.answers)} requests, {len(self.failures)} failed")
