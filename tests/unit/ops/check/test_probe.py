"""A look at one part says what is wrong with it, and how long its answer took."""

import ssl
import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any, cast

import docker
import httpx
import pytest
import requests
from docker.models.containers import Container

from ops.check.probe import Finding, State, ask_container, ask_tls, ask_url, check_command
from testbed.certificates import make

READY = ["CMD", "pg_isready", "-q"]


class Engine(Container):
    """A container whose check ends as told."""

    def __init__(self, outcome: tuple[int, bytes] | Exception = (0, b""), check: Any = READY, **state: Any) -> None:
        self.outcome, self.ran = outcome, cast("list[list[str]]", [])
        self.attrs = {
            "Name": "/gateway-dev-postgres",
            "Config": {"Healthcheck": {"Test": check} if check else None},
            "State": {"Status": "running", "ExitCode": 0, **state},
            "RestartCount": state.get("restarts", 0),
        }
        self.client = None

    def exec_run(self, cmd: list[str], **_: Any) -> tuple[int, bytes]:
        self.ran.append(cmd)
        if isinstance(self.outcome, Exception):
            raise self.outcome
        return self.outcome


@pytest.mark.parametrize(
    ("check", "command"),
    [
        (READY, ["pg_isready", "-q"]),
        (["CMD-SHELL", "redis-cli ping | grep -q PONG"], ["/bin/sh", "-c", "redis-cli ping | grep -q PONG"]),
        (["NONE"], []),
        (None, []),
    ],
)
def test_a_container_is_asked_by_its_own_check(check: list[str] | None, command: list[str]) -> None:
    engine = Engine(check=check)
    assert check_command(engine.attrs) == command
    ask_container("postgres", engine)
    assert engine.ran == ([command] if command else [])


def test_a_check_that_passes_is_healthy_and_timed() -> None:
    finding = ask_container("postgres", Engine())
    assert (finding.state, finding.asked, finding.detail) == (State.HEALTHY, "gateway-dev-postgres", "")
    assert finding.milliseconds is not None
    assert 0 <= finding.milliseconds < 1000


@pytest.mark.parametrize(
    ("engine", "detail"),
    [
        (Engine((2, b"no response\n on the port")), "no response on the port"),
        (Engine((1, b"")), "its check ended with status 1"),
        (Engine(requests.ReadTimeout("read timed out")), "no answer to its check: read timed out"),
        (Engine(docker.errors.NotFound("gone")), "no answer to its check: gone"),
        (Engine(Status="exited", ExitCode=3), "exited, exit code 3"),
        (Engine(Status="exited", ExitCode=137, OOMKilled=True), "exited, out of memory"),
        (Engine(Status="paused"), "paused"),
        (Engine(check=None), "it has no health check"),
    ],
)
def test_what_does_not_pass_is_unhealthy_and_says_why(engine: Engine, detail: str) -> None:
    finding = ask_container("postgres", engine)
    assert (finding.state, finding.detail) == (State.UNHEALTHY, detail)


def test_a_part_without_a_container_is_missing_and_names_the_cure() -> None:
    finding = ask_container("redis", None)
    assert finding.state is State.MISSING
    assert "pulumi up --refresh" in finding.detail


def test_a_healthy_container_that_keeps_restarting_says_so() -> None:
    engine = Engine(restarts=4, Health={"Status": "starting"})
    finding = ask_container("litellm-1", engine)
    assert (finding.state, finding.detail) == (State.HEALTHY, "the engine calls it starting, restarted 4 times")


@pytest.mark.parametrize(
    ("answer", "state", "detail"),
    [
        (httpx.Response(200, text="healthy"), State.HEALTHY, ""),
        (httpx.Response(503, text="no replica\ncan serve"), State.UNHEALTHY, "503: no replica can serve"),
        (httpx.Response(302, text=""), State.UNHEALTHY, "302:"),
        (httpx.ConnectError("refused"), State.UNHEALTHY, "refused"),
        (httpx.ReadTimeout(""), State.UNHEALTHY, "ReadTimeout"),
    ],
)
def test_an_address_is_healthy_only_when_it_answers_200(
    answer: httpx.Response | Exception, state: State, detail: str
) -> None:
    def handle(_: httpx.Request) -> httpx.Response:
        if isinstance(answer, Exception):
            raise answer
        return answer

    url = "http://127.0.0.1:4001/health/readiness"
    finding = ask_url(httpx.Client(transport=httpx.MockTransport(handle)), "health 4001", url)
    assert (finding.state, finding.detail, finding.asked) == (state, detail, url)
    assert (finding.milliseconds is None) is isinstance(answer, Exception)


def test_json_holds_each_field_of_a_finding() -> None:
    finding = Finding("postgres", "gateway-dev-postgres", State.HEALTHY, 12.345, "")
    assert finding.as_data == {
        "part": "postgres",
        "asked": "gateway-dev-postgres",
        "state": "healthy",
        "milliseconds": 12.3,
        "detail": "",
    }


Secured = Callable[[timedelta, int], Finding]


@pytest.fixture
def secured(tmp_path: Path) -> Iterator[Secured]:
    """Ask a server whose certificate ends then, and that answers this."""
    servers: list[HTTPServer] = []

    def ask(until: timedelta, status: int) -> Finding:
        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                self.send_response(status)
                self.end_headers()

            def log_message(self, *_: object) -> None: ...

        now = datetime.now(UTC)
        file = tmp_path / "certificate.pem"
        file.write_text(make(now - timedelta(days=9), now + until, "llm.example.com"))
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(file)
        server = HTTPServer(("127.0.0.1", 0), Handler)
        server.socket = context.wrap_socket(server.socket, server_side=True)
        servers.append(server)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        with httpx.Client(verify=False, trust_env=False) as client:  # noqa: S501
            return ask_tls(client, "https 443", f"https://127.0.0.1:{server.server_port}/", "llm.example.com")

    yield ask
    for server in servers:
        server.shutdown()
        server.server_close()


@pytest.mark.parametrize(
    ("until", "status", "state", "detail"),
    [
        (timedelta(days=30), 200, State.HEALTHY, "certificate until"),
        (timedelta(days=30), 503, State.UNHEALTHY, "503: "),
        (-timedelta(days=1), 200, State.UNHEALTHY, "certificate until"),
    ],
)
def test_an_address_over_tls_is_healthy_while_it_answers_under_a_certificate_that_has_not_ended(
    secured: Secured, until: timedelta, status: int, state: State, detail: str
) -> None:
    finding = secured(until, status)
    assert finding.state is state
    assert finding.detail.startswith(detail.strip())
    if status == 200:
        assert finding.detail.endswith(f"{datetime.now(UTC) + until:%Y-%m-%d %H:%M} UTC")


def test_an_address_over_tls_that_does_not_answer_is_unhealthy() -> None:
    with httpx.Client(trust_env=False) as client:
        finding = ask_tls(client, "https 443", "https://127.0.0.1:1/", "llm.example.com")
    assert (finding.state, finding.milliseconds) == (State.UNHEALTHY, None)
