"""Callers who ask without a break over TLS."""

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

import httpx

from testbed.completion import CHAT, question
from testbed.wait import wait_until
from tests.e2e.acme.gateway import AcmeGateway

CALLERS = (0, 0, 1, 1)
"""Connections that each caller keeps: some open a new one for each request."""


@contextmanager
def callers(acme: AcmeGateway, key: str) -> Iterator[list[list[int | str]]]:
    """Ask without a break meanwhile; yields each caller's answers."""
    ended = threading.Event()
    results: list[list[int | str]] = [[] for _ in CALLERS]

    def ask(kept: int, answers: list[int | str]) -> None:
        with acme.client(key, limits=httpx.Limits(max_keepalive_connections=kept)) as client:
            while not ended.wait(0.1):
                try:
                    answers.append(client.post(CHAT, json=question()).status_code)
                except httpx.HTTPError as error:
                    answers.append(repr(error))

    with ThreadPoolExecutor(len(CALLERS)) as pool:
        asking = [pool.submit(ask, kept, answers) for kept, answers in zip(CALLERS, results, strict=True)]
        try:
            wait_until(lambda: all(results), 60)
            yield results
            so_far = [len(answers) for answers in results]
            wait_until(lambda: all(len(now) > before for now, before in zip(results, so_far, strict=True)), 60)
        finally:
            ended.set()
        for each in asking:
            each.result()
