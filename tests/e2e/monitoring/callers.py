"""Callers of the proxy."""

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

import httpx

from testbed.completion import CHAT, question


def send(proxy: httpx.Client, count: int, key: str | None = None) -> list[int]:
    """Send requests, four at a time; return the status of each answer."""
    headers = {"Authorization": f"Bearer {key}"} if key else {}

    def one(_: int) -> int:
        return proxy.post(CHAT, json=question(), headers=headers).status_code

    with ThreadPoolExecutor(4) as pool:
        return list(pool.map(one, range(count)))


@contextmanager
def four_callers(proxy: httpx.Client) -> Iterator[None]:
    """Have four callers send one request after the other while the body runs."""
    ended = threading.Event()

    def call() -> None:
        while not ended.is_set():
            send(proxy, 1)

    with ThreadPoolExecutor(4) as pool:
        try:
            for _ in range(4):
                pool.submit(call)
            yield
        finally:
            ended.set()
