"""Graceful shutdown: answers in flight outlive the replacement of their replica."""

import socket
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import httpx

from components.litellm.worker.start import AGENT_PORT, DRAIN, DRAIN_SECONDS
from testbed.completion import words
from testbed.container import address
from testbed.mock_provider import MockProvider
from testbed.project import Project
from testbed.wait import wait_until

CHUNKS, ENDLESS = 60, 3600
"""Words of the two answers, one a second."""
LITELLM_SECONDS = 30 + DRAIN_SECONDS
"""What LiteLLM itself gives a request after the stop signal, where no time is set."""
START_SECONDS = 180
"""For a busy machine to start a replica."""
MODEL = "llama3.1-test"
CHANGE = {"gateway:litellm.keepalive_timeout": 80}
"""Replaces the replica and changes nothing that other tests look at, so it is not undone."""


def agent(host: str) -> bytes:
    """Return what a replica answers to the edge's agent check."""
    with socket.create_connection((host, AGENT_PORT), timeout=5) as connection:
        return connection.makefile("rb").read().strip()


def read(proxy: httpx.Client, arrived: list[float], enough: threading.Event) -> bool:
    """Note when each word arrives, until `enough` is set; return whether the answer came to its end."""
    for _ in words(proxy, MODEL):
        arrived.append(time.monotonic())
        if enough.is_set():
            return False
    return True


def test_streams_outlive_their_replica_by_more_than_litellm_alone_would_give(
    gateway: Project, proxy: httpx.Client, mock: MockProvider
) -> None:
    old, enough = gateway.container("litellm-1"), threading.Event()
    host = address(gateway, old)
    minute: list[float] = []
    endless: list[float] = []
    for path, value in CHANGE.items():
        gateway.change(path, value)
    with ThreadPoolExecutor(3) as pool:
        update = pool.submit(gateway.up)
        # The new replica has just been created: the old one still serves alone.
        wait_until(lambda: len(gateway.containers("litellm-1")) > 1, START_SECONDS)
        mock.set(chunk_latency_ms=1000, chunks=CHUNKS)
        ended = pool.submit(read, proxy, minute, threading.Event())
        wait_until(lambda: minute, START_SECONDS)
        mock.set(chunk_latency_ms=1000, chunks=ENDLESS)
        went_on = pool.submit(read, proxy, endless, enough)
        try:
            wait_until(lambda: agent(host) == DRAIN, START_SECONDS)
            stopped = time.monotonic()
            time.sleep(LITELLM_SECONDS + 5)
        finally:
            enough.set()
        assert (ended.result(), went_on.result()) == (True, False)
        result = update.result()
    print(f"\nthe update took {result.seconds:.1f} s; words came until {endless[-1] - stopped:.0f} s later")
    wait_until(lambda: old.id not in {container.id for container in gateway.containers("litellm-1")}, 60)
    assert len(minute) == CHUNKS
    assert endless[-1] - stopped > LITELLM_SECONDS
