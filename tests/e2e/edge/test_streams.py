"""Streams through the edge, and requests whose client disconnects."""

import time

import httpx
import pytest

from testbed.completion import CHAT, question, words
from testbed.mock_provider import MockProvider
from testbed.project import Project
from testbed.wait import wait_until
from tests.e2e.edge.backend import at_replicas
from tests.e2e.edge.secure_edge import SecureEdge, secure_client

WORD = 0.25
WORDS = 16
NOTICED_SECONDS = 20
"""Shorter than the answers would take if the client had stayed."""


def test_a_stream_arrives_word_by_word(client: httpx.Client, mock: MockProvider) -> None:
    mock.set(chunk_latency_ms=WORD * 1000, chunks=WORDS)
    times = [time.monotonic() for _ in words(client)]
    assert len(times) == WORDS
    # Held back anywhere, the words would arrive at once.
    assert times[-1] - times[0] > WORD * WORDS / 2


@pytest.mark.parametrize("http2", [False, True], ids=["HTTP/1.1", "HTTP/2"])
def test_a_stream_ends_at_the_provider_when_its_client_disconnects(
    edge: SecureEdge, key: str, mock: MockProvider, *, http2: bool
) -> None:
    mock.set(chunk_latency_ms=1000, chunks=60)
    # The connection has to go: httpx ends no single stream of HTTP/2.
    with secure_client(edge, key, http2=http2) as client:
        assert next(words(client))
    wait_until(lambda: mock.outcomes == {"client_left": 1}, NOTICED_SECONDS)


@pytest.mark.parametrize("way", ["plain HTTP", "TLS and HTTP/1.1", "TLS and HTTP/2"])
def test_a_request_frees_its_place_at_the_edge_when_its_client_disconnects(
    gateway: Project, edge: SecureEdge, key: str, mock: MockProvider, way: str
) -> None:
    mock.set(latency_ms=28_000)
    url = gateway.output("proxy_url") if way == "plain HTTP" else edge.url
    with secure_client(edge, key, http2=way.endswith("2")) as client, pytest.raises(httpx.ReadTimeout):
        client.post(url + CHAT, json=question(), timeout=5)
    wait_until(lambda: at_replicas(gateway) == 0, NOTICED_SECONDS)
    # The replica still waits for the provider: it is the edge that freed the place.
    assert mock.outcomes == {}
