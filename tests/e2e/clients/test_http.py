"""What HTTP allows and clients do: sizes, methods, encodings, kept connections."""

import json
import subprocess
from collections.abc import Iterator

import httpx
import pytest

from testbed.completion import CHAT, question
from testbed.project import Project
from tests.e2e.edge.secure_edge import SecureEdge, secure_client

MIB = 2**20
HEALTH = ("liveliness", "liveness", "readiness")


@pytest.fixture(scope="module", params=[False, True], ids=["HTTP/1.1", "HTTP/2"])
def client(edge: SecureEdge, key: str, request: pytest.FixtureRequest) -> Iterator[httpx.Client]:
    """A client over TLS, by each HTTP."""
    with secure_client(edge, key, http2=request.param) as client:
        yield client


def pieces(size: int) -> Iterator[bytes]:
    """Return a chat request of about this size, in pieces."""
    whole = json.dumps(question()).encode()
    yield whole
    for _ in range(size // MIB):
        yield b" " * MIB


@pytest.mark.parametrize("mib", [0, 1, 20])
def test_a_body_of_unknown_size_is_answered(client: httpx.Client, mib: int) -> None:
    assert client.post(CHAT, content=pieces(mib * MIB)).status_code == 200


def test_a_body_of_unknown_size_beyond_the_limit_gets_413(client: httpx.Client) -> None:
    answer = client.post(CHAT, content=pieces(70 * MIB))
    assert answer.status_code == 413
    assert answer.json()["error"]["message"] == "the body is larger than 64 MiB"


def test_a_client_that_waits_for_leave_to_send_is_answered(url: str, key: str) -> None:
    headers = (f"Authorization: Bearer {key}", "Content-Type: application/json", "Expect: 100-continue")
    command = ["curl", "-sv", "--max-time", "60", url + CHAT, "-d", json.dumps(question())]
    for header in headers:
        command += ["-H", header]
    ended = subprocess.run(command, capture_output=True, text=True, check=True)
    assert "HTTP/1.1 100 Continue" in ended.stderr
    assert json.loads(ended.stdout)["choices"]


@pytest.mark.parametrize("method", ["GET", "HEAD"])
@pytest.mark.parametrize("path", [f"{name}{slash}" for name in HEALTH for slash in ("", "/")])
def test_health_is_answered_on_its_port(gateway: Project, method: str, path: str) -> None:
    health = gateway.output("health_url").removesuffix("liveliness")
    assert httpx.request(method, health + path).status_code == 200


def test_an_answer_may_be_compressed(client: httpx.Client) -> None:
    answers = [client.post(CHAT, json=question(), headers={"Accept-Encoding": name}) for name in ("gzip", "identity")]
    assert [answer.json()["object"] for answer in answers] == ["chat.completion"] * 2


def test_an_upload_by_multipart_reaches_litellm(client: httpx.Client) -> None:
    answer = client.post("/v1/files", files={"file": ("a.jsonl", b"{}\n" * MIB)}, data={"purpose": "batch"})
    # LiteLLM has no provider for files here; it says so after it has read them.
    assert answer.json().get("error", {}).get("type") != "gateway"


def test_a_connection_is_kept_between_requests(client: httpx.Client) -> None:
    streams = [
        client.post(CHAT, json=question()).extensions["network_stream"].get_extra_info("client_addr") for _ in range(3)
    ]
    assert len(set(streams)) == 1


@pytest.mark.parametrize("host", ["127.0.0.1", "[::1]", "localhost"])
def test_both_loopbacks_are_served(url: str, key: str, host: str) -> None:
    headers = {"Authorization": f"Bearer {key}", "Host": "localhost"}
    answer = httpx.post(url.replace("127.0.0.1", host) + CHAT, json=question(), headers=headers, timeout=60)
    assert answer.status_code == 200
