"""Services and jobs as data."""

import subprocess
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from components.engine.workload import http_get


class Answer(BaseHTTPRequestHandler):
    """Answers 200 at /up and 503 elsewhere."""

    def do_GET(self) -> None:
        self.send_response(200 if self.path == "/up" else 503)
        self.end_headers()

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def server() -> Iterator[str]:
    """The address of a server on this host."""
    listener = HTTPServer(("127.0.0.1", 0), Answer)
    thread = threading.Thread(target=listener.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield f"http://127.0.0.1:{listener.server_port}"
    listener.shutdown()
    thread.join()
    listener.server_close()


def checked(url: str) -> subprocess.CompletedProcess[str]:
    kind, _, *arguments = http_get(url, timeout=2)
    assert kind == "CMD"
    return subprocess.run([sys.executable, *arguments], capture_output=True, text=True, check=False)


def test_http_check_succeeds_when_the_server_answers(server: str) -> None:
    assert checked(f"{server}/up").returncode == 0


def test_http_check_fails_with_one_line(server: str) -> None:
    failed = checked(f"{server}/down")
    assert (failed.returncode, failed.stderr) == (1, "HTTP Error 503: Service Unavailable\n")


def test_http_check_fails_when_nothing_listens() -> None:
    failed = checked("http://127.0.0.1:1/up")
    assert failed.returncode == 1
    assert "Connection refused" in failed.stderr
    assert len(failed.stderr.splitlines()) == 1
