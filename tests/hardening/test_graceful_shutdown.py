"""Graceful shutdown: an answer in flight outlives the replica's replacement."""

import json
import time
from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest

from tests.e2e.project import Project
from tests.hardening.conftest import reconfigure
from tests.hardening.replica import Mock, question, wait_for
from tests.hardening.stack import Config, before

CHUNKS = 60
"""One a second."""
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
def test_a_streamed_answer_of_a_minute_outlives_the_replacement_of_its_replica(
    gateway: Project, proxy: httpx.Client, mock: Mock, edge: Config
) -> None:
    old = gateway.container("litellm-1")
    mock.set(chunk_latency_ms=1000, chunks=CHUNKS)
    reconfigure(gateway, before(edge))
    with ThreadPoolExecutor(1) as pool:
        answer = pool.submit(pieces, proxy)
        time.sleep(2)
        result = gateway.must("up", "--yes", "--skip-preview")
        replaced = not answer.done()
        words = answer.result()
    print(f"\nthe update took {result.seconds:.1f} s")
    wait_for(lambda: old.id not in {container.id for container in gateway.containers("litellm-1")}, 30)
    assert len(words) == CHUNKS
    assert replaced or result.seconds > CHUNKS - 5
