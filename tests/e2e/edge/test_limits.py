"""What the edge refuses, and the address it tells replicas."""

import json
import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from http.client import HTTPConnection
from pathlib import Path

import docker
import httpx
import pytest

from testbed.completion import CHAT, question
from testbed.mock_provider import MockProvider
from testbed.project import Project
from testbed.wait import wait_until
from tests.e2e.edge.backend import at_replicas, queued
from tests.e2e.edge.secure_edge import SecureEdge, secure_client

AT_ONCE = 4
"""Requests that the replica handles."""
QUEUE_SECONDS = 8
ANSWER_SECONDS = 20
SETTINGS = {
    "max_body_mib": 1,
    "max_header_bytes": 4096,
    "replica_concurrency": AT_ONCE,
    "fair_share_percent": 100,
    "queue_length": 1,
    "queue_timeout": QUEUE_SECONDS,
}
ECHO = Path(__file__).with_name("echo_replica.py")


@pytest.fixture(scope="module", autouse=True)
def limits(gateway: Project) -> Iterator[None]:
    """Small limits, while these tests run."""
    with gateway.changed({f"gateway:edge.{name}": value for name, value in SETTINGS.items()}):
        yield


def assert_refused(answer: httpx.Response, status: int, words: str) -> None:
    """Assert that the answer is an error that OpenAI's clients can read."""
    assert (answer.status_code, answer.headers["content-type"]) == (status, "application/json")
    assert words in answer.json()["error"]["message"]


def test_an_unlisted_host_is_refused(client: httpx.Client, proxy: httpx.Client) -> None:
    for each in (client, proxy):
        assert_refused(each.post(CHAT, json=question(), headers={"Host": "evil.example"}), 421, "host name")


def test_a_body_one_byte_too_large_is_refused_before_it_is_sent(gateway: Project, proxy: httpx.Client) -> None:
    largest = json.dumps(question()).ljust(2**20).encode()
    assert proxy.post(CHAT, content=largest).status_code == 200
    connection = HTTPConnection(gateway.output("proxy_url").removeprefix("http://"), timeout=60)
    connection.putrequest("POST", CHAT)
    connection.putheader("Content-Length", str(len(largest) + 1))
    connection.endheaders()
    answer = connection.getresponse()
    assert answer.status == 413
    assert "larger than 1 MiB" in json.load(answer)["error"]["message"]
    connection.close()


def test_a_body_of_unknown_size_is_served_up_to_the_limit(client: httpx.Client) -> None:
    largest = json.dumps(question()).ljust(2**20).encode()
    assert client.post(CHAT, content=iter([largest])).status_code == 200
    assert_refused(client.post(CHAT, content=iter([largest, b" "])), 413, "larger than 1 MiB")


def test_large_headers_are_refused(client: httpx.Client) -> None:
    assert_refused(client.post(CHAT, json=question(), headers={"X-Large": "x" * 5000}), 431, "headers")


@pytest.fixture
def echo(gateway: Project) -> Iterator[str]:
    """A replica that answers with what reached it; the path at which to ask it."""
    (network,) = gateway.container("provider").attrs["NetworkSettings"]["Networks"]
    replica = docker.from_env().containers.create(
        gateway.container("provider").attrs["Image"],
        [ECHO.read_text()],
        entrypoint=["python3", "-uc"],
        labels={"gateway.stack": gateway.stack, "gateway.workload": "echo"},
        user="65534",
        network=network,
    )
    try:
        joined = docker.from_env().networks.get(network)
        joined.disconnect(replica)
        joined.connect(replica, aliases=["litellm"])
        replica.start()
        yield "/health/liveliness"
    finally:
        replica.remove(force=True)


def received_headers(client: httpx.Client, path: str, claimed: dict[str, str]) -> dict[str, str]:
    """Ask until the echo answers; return the headers that reached it."""
    told: dict[str, str] = {}

    def asked() -> bool:
        text = client.get(path, headers=claimed).json()
        told.update(text["echo"]["headers"] if "echo" in text else {})
        return bool(told)

    wait_until(asked, 60)
    return told


def test_a_client_cannot_claim_another_address(echo: str, client: httpx.Client, proxy: httpx.Client) -> None:
    claimed = {"X-Forwarded-For": "203.0.113.7"}
    for each, protocol in ((client, "https"), (proxy, None)):
        headers = received_headers(each, echo, claimed)
        assert re.fullmatch(r"\d+(\.\d+){3}", headers["x-forwarded-for"]), headers
        assert headers["x-forwarded-for"] != claimed["X-Forwarded-For"]
        assert headers.get("x-forwarded-proto") == protocol


def test_a_request_too_many_for_the_queue_is_refused_with_a_retry_time(
    gateway: Project, edge: SecureEdge, key: str, mock: MockProvider
) -> None:
    mock.set(latency_ms=ANSWER_SECONDS * 1000)

    def ask() -> httpx.Response:
        with secure_client(edge, key) as client:
            return client.post(CHAT, json=question())

    with ThreadPoolExecutor(AT_ONCE + 1) as pool:
        served = [pool.submit(ask) for _ in range(AT_ONCE)]
        wait_until(lambda: at_replicas(gateway) == AT_ONCE, QUEUE_SECONDS)
        waiting = pool.submit(ask)
        wait_until(lambda: queued(gateway) == 1, QUEUE_SECONDS)
        turned_away = ask()
        waited = waiting.result()
        assert [each.result().status_code for each in served] == [200] * AT_ONCE
    assert_refused(turned_away, 429, "too many requests wait")
    assert_refused(waited, 503, "no replica was free in time")
    assert waited.elapsed.total_seconds() >= QUEUE_SECONDS
    assert waited.headers["retry-after"] == turned_away.headers["retry-after"] == "5"
