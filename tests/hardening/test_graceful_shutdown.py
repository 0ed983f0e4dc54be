"""Graceful shutdown: answers in flight outlive the replica's replacement."""

import json
import socket
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest

from components.litellm.worker.start import AGENT_PORT, DRAIN, DRAIN_SECONDS
from tests.e2e.project import Project
from tests.hardening.conftest import reconfigure
from tests.hardening.replica import Mock, address, question, wait_for
from tests.hardening.stack import Config, before

CHUNKS, ENDLESS = 60, 3600
"""Words of the two answers, one a second."""
LITELLM_S_OWN = 30 + DRAIN_SECONDS
"""Seconds from the word to stop that a request has where LiteLLM is told nothing."""
START = 180
"""Seconds that a busy machine may take to start a replica."""
MODEL = "llama3.1-test"


def pieces(proxy: httpx.Client) -> Iterator[str]:
    """Read a streamed answer to its end, word by word."""
    with proxy.stream("POST", "/v1/chat/completions", json=question(MODEL, stream=True), timeout=120) as answer:
        assert answer.status_code == 200
        for line in answer.iter_lines():
            if line == "data: [DONE]":
                return
            if line.startswith("data: "):
                choices = json.loads(line.removeprefix("data: "))["choices"]
                yield from (choice["delta"]["content"] for choice in choices if choice["delta"].get("content"))
    raise AssertionError("the answer broke off")


def agent(host: str) -> bytes:
    """Read what a replica tells the edge of itself."""
    with socket.create_connection((host, AGENT_PORT), timeout=5) as connection:
        return connection.makefile("rb").read()


def read(proxy: httpx.Client, words: list[float], enough: threading.Event) -> bool:
    """Note when each word arrives, until that is enough; tell whether the answer came to its end."""
    for _ in pieces(proxy):
        words.append(time.monotonic())
        if enough.is_set():
            return False
    return True


@pytest.mark.slow
def test_streamed_answers_outlive_the_replacement_of_their_replica_by_more_than_litellm_s_own_time(
    gateway: Project, proxy: httpx.Client, mock: Mock, edge: Config
) -> None:
    old, enough = gateway.container("litellm-1"), threading.Event()
    host = address(gateway, old)
    minute: list[float] = []
    endless: list[float] = []
    reconfigure(gateway, before(edge))
    with ThreadPoolExecutor(3) as pool:
        update = pool.submit(gateway.must, "up", "--yes", "--skip-preview")
        # The new one has just been made: the old one still serves alone.
        wait_for(lambda: len(gateway.containers("litellm-1")) > 1, START)
        mock.set(chunk_latency_ms=1000, chunks=CHUNKS)
        ended = pool.submit(read, proxy, minute, threading.Event())
        wait_for(lambda: minute, START)
        mock.set(chunk_latency_ms=1000, chunks=ENDLESS)
        went_on = pool.submit(read, proxy, endless, enough)
        try:
            wait_for(lambda: agent(host) == DRAIN, START)
            told = time.monotonic()
            time.sleep(LITELLM_S_OWN + 5)
        finally:
            enough.set()
        assert (ended.result(), went_on.result()) == (True, False)
        result = update.result()
    print(f"\nthe update took {result.seconds:.1f} s; words came for {endless[-1] - told:.1f} s after the word to stop")
    wait_for(lambda: old.id not in {container.id for container in gateway.containers("litellm-1")}, 60)
    assert len(minute) == CHUNKS
    assert endless[-1] - told > LITELLM_S_OWN
