"""Services and jobs as data."""

import subprocess
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from components.engine.workload import HttpGet, request_command


class Answer(BaseHTTPRequestHandler):
    """Answers 200 at /up and 503 elsewhere."""

    def do_GET(self) -> None:
        self.send_response(200 if self.path == "/up" else 503)
        self.end_headers()

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def port() -> Iterator[int]:
    """The port of a server on this host."""
    listener = HTTPServer(("127.0.0.1", 0), Answer)
    thread = threading.Thread(target=listener.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield listener.server_port
    listener.shutdown()
    thread.join()
    listener.server_close()


def checked(request: HttpGet) -> subprocess.CompletedProcess[str]:
    kind, program, *arguments = request_command(request, timeout=2)
    assert (kind, program) == ("CMD", "python3")
    return subprocess.run([sys.executable, *arguments], capture_output=True, text=True, check=False)


def test_http_check_succeeds_when_the_server_answers(port: int) -> None:
    assert checked(HttpGet(port, "/up")).returncode == 0


def test_http_check_fails_with_one_line(port: int) -> None:
    failed = checked(HttpGet(port, "/down"))
    assert (failed.returncode, failed.stderr) == (1, "HTTP/1.0 503 Service Unavailable\n")


def test_http_check_fails_when_nothing_listens() -> None:
    failed = checked(HttpGet(1, "/up"))
    assert failed.returncode == 1
    assert "Connection refused" in failed.stderr
    assert len(failed.stderr.splitlines()) == 1
