"""Graceful shutdown: an answer in flight outlives the replica's replacement."""

import json
import socket
import time
from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest

from replica.start import AGENT_PORT, DRAIN, DRAIN_SECONDS
from tests.e2e.project import Project
from tests.hardening.conftest import reconfigure
from tests.hardening.replica import Mock, address, question, wait_for
from tests.hardening.stack import Config, before

CHUNKS = 100
"""One a second. A new replica takes up to a minute of it to start; what is left is more than LITELLM_S_OWN."""
LITELLM_S_OWN = 30 + DRAIN_SECONDS
"""Seconds after the stop signal that a request has where LiteLLM is told nothing."""
MODEL = "llama3.1-test"


def pieces(proxy: httpx.Client) -> list[str]:
    """Read a streamed answer to its end; give its words."""
    words = []
    body = question(MODEL, stream=True)
    with proxy.stream("POST", "/v1/chat/completions", json=body, timeout=120) as answer:
        assert answer.status_code == 200
        for line in answer.iter_lines():
            if line == "data: [DONE]":
                return words
            if line.startswith("data: "):
                choices = json.loads(line.removeprefix("data: "))["choices"]
                words += [choice["delta"]["content"] for choice in choices if choice["delta"].get("content")]
    raise AssertionError(f"the answer broke off after {len(words)} words")


@pytest.mark.slow
def test_a_streamed_answer_outlives_the_replacement_of_its_replica_by_more_than_litellm_s_own_time(
    gateway: Project, proxy: httpx.Client, mock: Mock, edge: Config
) -> None:
    old = gateway.container("litellm-1")
    host = address(gateway, old)
    mock.set(chunk_latency_ms=1000, chunks=CHUNKS)
    reconfigure(gateway, before(edge))
    with ThreadPoolExecutor(2) as pool:
        update = pool.submit(gateway.must, "up", "--yes", "--skip-preview")
        # The new one has just been made: the old one still serves alone.
        wait_for(lambda: len(gateway.containers("litellm-1")) > 1, 60)
        answer = pool.submit(pieces, proxy)
        wait_for(lambda: agent(host) == DRAIN, CHUNKS)
        told = time.monotonic()
        words = answer.result()
        left = time.monotonic() - told
        result = update.result()
    print(f"\nthe update took {result.seconds:.1f} s, the answer {left:.1f} s of it from the word to stop")
    wait_for(lambda: old.id not in {container.id for container in gateway.containers("litellm-1")}, 30)
    assert len(words) == CHUNKS
    assert left > LITELLM_S_OWN


def agent(host: str) -> bytes:
    """Read what a replica tells the edge of itself."""
    with socket.create_connection((host, AGENT_PORT), timeout=5) as connection:
        return connection.makefile("rb").read()
