"""A look at one part says what is wrong with it, and how long its answer took."""

import ssl
import threading
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import docker
import httpx
import pytest
import requests
from docker.models.containers import Container

from ops.check.probe import HealthState, PartHealth, probe_container, probe_tls, probe_url
from ops.stack.engines import container_check
from ops.stack.engines.container_check import check_command
from testbed.certificates import make
from tests.unit.exec_api import Ended, ExecApi

READY = ["CMD", "pg_isready", "-q"]
PASSED = Ended()


class Engine(Container):
    """A container whose check ends as told."""

    def __init__(
        self, outcome: Ended | Exception = PASSED, check: Any = READY, *, has_timeout: bool = True, **state: Any
    ) -> None:
        self.outcome, self.has_timeout, self.api = outcome, has_timeout, ExecApi(self.answer)
        health = {"Test": check, "Timeout": state.get("timeout", 5 * 10**9)} if check else None
        self.attrs = {
            "Name": "/gateway-dev-postgres",
            "Config": {"Healthcheck": health},
            "State": {"Status": "running", "ExitCode": 0, **state},
            "RestartCount": state.get("restarts", 0),
        }
        self.client = SimpleNamespace(api=self.api)  # type: ignore[assignment]

    def answer(self, command: Sequence[str]) -> Ended:
        if isinstance(self.outcome, Exception):
            raise self.outcome
        if command[0] == "timeout" and not self.has_timeout:
            return Ended(b"exec: timeout: executable file not found in $PATH", status=127)
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
def test_container_is_asked_by_its_own_check(check: list[str] | None, command: list[str]) -> None:
    engine = Engine(check=check)
    assert check_command(engine.attrs) == command
    probe_container("postgres", engine)
    assert engine.api.ran == ([["timeout", "5", *command]] if command else [])


def test_check_that_passes_is_healthy_and_timed() -> None:
    found = probe_container("postgres", Engine())
    assert (found.state, found.asked, found.detail) == (HealthState.HEALTHY, "gateway-dev-postgres", "")
    assert found.milliseconds is not None
    assert 0 <= found.milliseconds < 1000


@pytest.mark.parametrize(
    ("engine", "detail"),
    [
        (Engine(Ended(b"no response\n on the port", status=2)), "no response on the port"),
        (Engine(Ended(error=b"refused", status=1)), "refused"),
        (Engine(Ended(status=1)), "its check ended with status 1"),
        (Engine(Ended(status=124)), "its check did not answer within 5 s"),
        (Engine(Ended(status=143), timeout=10 * 10**9), "its check did not answer within 10 s"),
        (
            Engine(Ended(status=None)),
            "its check did not answer: the connection to gateway-dev-postgres ended while timeout ran there",
        ),
        (Engine(requests.ReadTimeout("read timed out")), "its check did not answer: read timed out"),
        (Engine(docker.errors.NotFound("gone")), "its check did not answer: gone"),
        (Engine(Status="exited", ExitCode=3), "exited, exit code 3"),
        (Engine(Status="exited", ExitCode=137, OOMKilled=True), "exited, out of memory"),
        (Engine(Status="paused"), "paused"),
        (Engine(check=None), "it has no health check"),
    ],
)
def test_what_does_not_pass_is_unhealthy_and_says_why(engine: Engine, detail: str) -> None:
    found = probe_container("postgres", engine)
    assert (found.state, found.detail) == (HealthState.UNHEALTHY, detail)


@pytest.mark.parametrize("has_timeout", [True, False])
def test_check_that_hangs_is_unhealthy_after_its_own_timeout(
    monkeypatch: pytest.MonkeyPatch, *, has_timeout: bool
) -> None:
    monkeypatch.setattr(container_check, "LATE_SECONDS", 0)
    engine = Engine(Ended(hangs=True), has_timeout=has_timeout, timeout=10**8)
    found = probe_container("redis", engine)
    assert (found.state, found.detail) == (HealthState.UNHEALTHY, "its check did not answer within 0.1 s")


def test_check_runs_in_an_image_without_timeout() -> None:
    engine = Engine(Ended(b"no response", status=2), has_timeout=False)
    assert probe_container("postgres", engine).detail == "no response"
    assert engine.api.ran == [["timeout", "5", "pg_isready", "-q"], ["pg_isready", "-q"]]


def test_part_without_a_container_is_missing_and_names_the_cure() -> None:
    found = probe_container("redis", None)
    assert found.state is HealthState.MISSING
    assert "pulumi up --refresh" in found.detail


def test_healthy_container_that_keeps_restarting_says_so() -> None:
    engine = Engine(restarts=4, Health={"Status": "starting"})
    found = probe_container("litellm-1", engine)
    assert (found.state, found.detail) == (HealthState.HEALTHY, "Docker reports starting, restarted 4 times")


@pytest.mark.parametrize(
    ("answer", "state", "detail"),
    [
        (httpx.Response(200, text="healthy"), HealthState.HEALTHY, ""),
        (httpx.Response(503, text="no replica\ncan serve"), HealthState.UNHEALTHY, "503: no replica can serve"),
        (httpx.Response(302, text=""), HealthState.UNHEALTHY, "302:"),
        (httpx.ConnectError("refused"), HealthState.UNHEALTHY, "refused"),
        (httpx.ReadTimeout(""), HealthState.UNHEALTHY, "ReadTimeout"),
    ],
)
def test_an_address_is_healthy_only_when_it_answers_200(
    answer: httpx.Response | Exception, state: HealthState, detail: str
) -> None:
    def handle(_: httpx.Request) -> httpx.Response:
        if isinstance(answer, Exception):
            raise answer
        return answer

    url = "http://127.0.0.1:4001/health/readiness"
    found = probe_url(httpx.Client(transport=httpx.MockTransport(handle)), "health 4001", url)
    assert (found.state, found.detail, found.asked) == (state, detail, url)
    assert (found.milliseconds is None) is isinstance(answer, Exception)


def test_json_holds_each_field_of_a_finding() -> None:
    found = PartHealth("postgres", "gateway-dev-postgres", HealthState.HEALTHY, 12.345, "")
    assert found.as_data == {
        "part": "postgres",
        "asked": "gateway-dev-postgres",
        "state": "healthy",
        "milliseconds": 12.3,
        "detail": "",
    }


Secured = Callable[[timedelta, int], PartHealth]


@pytest.fixture
def secured(tmp_path: Path) -> Iterator[Secured]:
    """Ask a server whose certificate ends then, and that answers this."""
    servers: list[HTTPServer] = []

    def ask(until: timedelta, status: int) -> PartHealth:
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
            return probe_tls(client, "https 443", f"https://127.0.0.1:{server.server_port}/", "llm.example.com")

    yield ask
    for server in servers:
        server.shutdown()
        server.server_close()


@pytest.mark.parametrize(
    ("until", "status", "state", "detail"),
    [
        (timedelta(days=30), 200, HealthState.HEALTHY, "certificate until"),
        (timedelta(days=30), 503, HealthState.UNHEALTHY, "503: "),
        (-timedelta(days=1), 200, HealthState.UNHEALTHY, "certificate until"),
    ],
)
def test_a_tls_address_is_healthy_while_its_certificate_is_valid(
    secured: Secured, until: timedelta, status: int, state: HealthState, detail: str
) -> None:
    found = secured(until, status)
    assert found.state is state
    assert found.detail.startswith(detail.strip())
    if status == 200:
        assert found.detail.endswith(f"{datetime.now(UTC) + until:%Y-%m-%d %H:%M} UTC")


def test_an_address_over_tls_that_does_not_answer_is_unhealthy() -> None:
    with httpx.Client(trust_env=False) as client:
        found = probe_tls(client, "https 443", "https://127.0.0.1:1/", "llm.example.com")
    assert (found.state, found.milliseconds) == (HealthState.UNHEALTHY, None)
