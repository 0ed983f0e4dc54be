"""Streams through the edge, and requests whose client leaves."""

import time

import httpx
import pytest

from tests.e2e.edge.backend import at_replicas
from tests.e2e.edge.secure_edge import CHAT, SecureEdge, visitor, words
from tests.e2e.project import Project
from tests.hardening.replica import Mock, question, wait_for

WORD = 0.25
WORDS = 16
PATIENCE = 20
"""Seconds; shorter than what the client leaves would take by itself."""


def test_a_stream_arrives_word_by_word(client: httpx.Client, mock: Mock) -> None:
    mock.set(chunk_latency_ms=WORD * 1000, chunks=WORDS)
    times = [time.monotonic() for _ in words(client)]
    assert len(times) == WORDS
    # Held back anywhere, the words would arrive at once.
    assert times[-1] - times[0] > WORD * WORDS / 2


def outcomes(mock: Mock) -> dict[str, int]:
    counted: dict[str, int] = mock.client.get("/counts").json()["total"]["outcomes"]
    return counted


@pytest.mark.parametrize("http2", [False, True], ids=["HTTP/1.1", "HTTP/2"])
def test_a_stream_whose_client_leaves_is_given_up_at_the_provider(
    edge: SecureEdge, key: str, mock: Mock, *, http2: bool
) -> None:
    mock.set(chunk_latency_ms=1000, chunks=60)
    # The connection has to go: httpx ends no single stream of HTTP/2.
    with visitor(edge, key, http2=http2) as client:
        assert next(words(client))
    wait_for(lambda: outcomes(mock) == {"client_left": 1}, PATIENCE)


@pytest.mark.parametrize("way", ["plain HTTP", "TLS and HTTP/1.1", "TLS and HTTP/2"])
def test_a_request_whose_client_leaves_frees_its_place_at_the_edge(
    gateway: Project, edge: SecureEdge, key: str, mock: Mock, way: str
) -> None:
    mock.set(latency_ms=28_000)
    url = gateway.output("proxy_url") if way == "plain HTTP" else edge.url
    with visitor(edge, key, http2=way.endswith("2")) as client, pytest.raises(httpx.ReadTimeout):
        client.post(url + CHAT, json=question(), timeout=5)
    wait_for(lambda: at_replicas(gateway) == 0, PATIENCE)
    # The replica still waits for the answer that nobody wants: it did not free the place.
    assert outcomes(mock) == {}
