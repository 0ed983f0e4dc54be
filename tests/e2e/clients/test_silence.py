"""Event streams and WebSockets that are silent for longer than an answer may take."""

import socket
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import docker
import httpx
import pytest

from testbed.project import Project
from testbed.wait import wait_until

PROGRAM = Path(__file__).with_name("silent_replica.py")
LONGEST_ANSWER_SECONDS = 40
"""Of a gateway like dev's: `request_timeout` and the edge's margin."""
HANDSHAKE = (
    b"GET /v1/realtime HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
    b"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"
)
WORDS = ["data: first", "data: second"]


@pytest.fixture
def silent_replica(gateway: Project) -> Iterator[None]:
    """The silent replica in place of LiteLLM, which leaves the network for so long."""
    (network,) = gateway.container("provider").attrs["NetworkSettings"]["Networks"]
    joined, litellm = docker.from_env().networks.get(network), gateway.container("litellm-1")
    replica = docker.from_env().containers.create(
        gateway.container("provider").attrs["Image"],
        [PROGRAM.read_text()],
        entrypoint=["python3", "-uc"],
        labels={"gateway.stack": gateway.stack, "gateway.workload": "silent"},
        user="65534",
        network=network,
    )
    try:
        joined.disconnect(replica)
        joined.connect(replica, aliases=["litellm"])
        replica.start()
        joined.disconnect(litellm)
        yield
    finally:
        joined.connect(litellm, aliases=["litellm"])
        replica.remove(force=True)
        health = gateway.output("health_url")
        wait_until(lambda: httpx.get(health).status_code == 200, 60)


def upgraded(url: str) -> list[str]:
    """Open a WebSocket and read it to its end, without the frames that its words would have."""
    host, port = url.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port)), timeout=120) as connection:
        connection.sendall(HANDSHAKE)
        text = connection.makefile().read()
    assert text.startswith("HTTP/1.1 101 ")
    return [line for line in text.splitlines() if line.startswith("data: ")]


def streamed(url: str) -> list[str]:
    """Ask for an event stream and read it to its end."""
    with httpx.stream("GET", f"{url}/mcp", headers={"Accept": "text/event-stream"}, timeout=120) as answer:
        return [line for line in answer.iter_lines() if line]


@pytest.mark.usefixtures("silent_replica")
def test_silent_streams_and_websockets_stay_open(gateway: Project, url: str) -> None:
    assert f"timeout server {LONGEST_ANSWER_SECONDS}s" in gateway.file("edge", "/etc/gateway/haproxy.cfg").decode()
    wait_until(lambda: httpx.get(f"{url}/health/liveliness", timeout=30).status_code == 200, 60)
    with ThreadPoolExecutor(2) as pool:
        words = [pool.submit(each, url) for each in (upgraded, streamed)]
        assert [each.result() for each in words] == [WORDS, WORDS]
