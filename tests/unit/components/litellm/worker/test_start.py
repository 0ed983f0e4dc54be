"""The launcher, as a process of its own as in a replica."""

import os
import runpy
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import pytest

from testbed.ports import free_ports
from testbed.wait import wait_until

START = Path(__file__).parents[5] / "components" / "litellm" / "worker" / "start.py"
DRAIN_SECONDS = 1.0
IDLE_SECONDS = 2.0
CHILD = """
import signal, sys, threading, time
from http.server import BaseHTTPRequestHandler, HTTPServer
if sys.argv[1:]:
    # As with several workers: it listens before it answers.
    server = HTTPServer(("127.0.0.1", int(sys.argv[1])), BaseHTTPRequestHandler)
    later = threading.Timer(float(sys.argv[2]), server.serve_forever)
    later.daemon = True
    later.start()
def stop(*_): print("stopped", time.time(), flush=True); sys.exit(7)
signal.signal(signal.SIGTERM, stop)
print("started", flush=True)
time.sleep(30)
"""


def launch(port: int, *command: str, litellm_port: int = 9, beside: Sequence[str] = ()) -> subprocess.Popen[str]:
    program = f"""
import asyncio, runpy, sys
run = runpy.run_path({str(START)!r})["run"]
sys.exit(asyncio.run(run(sys.argv[1:], {port}, {DRAIN_SECONDS}, {litellm_port}, {IDLE_SECONDS}, beside={beside!r})))
"""
    return subprocess.Popen([sys.executable, "-c", program, *command], stdout=subprocess.PIPE, text=True)


@pytest.fixture
def port() -> int:
    """The agent's."""
    return free_ports(1)[0]


@contextmanager
def started(port: int, seconds: float = 0) -> Iterator[subprocess.Popen[str]]:
    """Run the launcher with a server that listens at once and answers after some seconds."""
    (litellm_port,) = free_ports(1)
    with launch(
        port, sys.executable, "-c", CHILD, str(litellm_port), str(seconds), litellm_port=litellm_port
    ) as process:
        assert process.stdout
        assert process.stdout.readline() == "started\n"
        yield process
        process.kill()


@pytest.fixture
def launcher(port: int) -> Iterator[subprocess.Popen[str]]:
    """The launcher, once it takes requests."""
    with started(port) as process:
        wait_until_ready(port)
        yield process


def wait_until_ready(port: int) -> None:
    wait_until(lambda: answer(port) == "ready\n", 10, pause=0.02)


def answer(port: int, question: bytes = b"") -> str:
    with socket.create_connection(("127.0.0.1", port), timeout=2) as connection:
        connection.sendall(question)
        return connection.makefile().read()


def test_launcher_takes_no_request_until_litellm_answers(port: int) -> None:
    with started(port, 0.5):
        assert answer(port, b"30 90\n") == "drain\n"
        wait_until_ready(port)


def test_launcher_takes_no_request_while_litellm_does_not_listen(port: int) -> None:
    with launch(port, sys.executable, "-c", CHILD) as process:
        assert process.stdout
        assert process.stdout.readline() == "started\n"
        time.sleep(0.3)
        assert answer(port) == "drain\n"
        process.kill()


def test_launcher_answers_a_backend_with_its_limit(launcher: subprocess.Popen[str], port: int) -> None:
    assert launcher.poll() is None
    assert answer(port, b"30 90\n") == "ready maxconn:30\n"


@pytest.mark.parametrize("stop", [signal.SIGTERM, signal.SIGINT])
def test_launcher_answers_drain_before_it_passes_the_signal(
    launcher: subprocess.Popen[str], port: int, stop: signal.Signals
) -> None:
    begin = time.time()
    launcher.send_signal(stop)
    time.sleep(DRAIN_SECONDS / 2)
    assert answer(port) == "drain\n"
    out, _ = launcher.communicate(timeout=10)
    assert float(out.split()[1]) - begin >= DRAIN_SECONDS
    assert launcher.returncode == 7


def test_launcher_ends_with_litellm_s_exit_code(port: int) -> None:
    with launch(port, sys.executable, "-c", "raise SystemExit(3)") as process:
        assert process.wait(timeout=10) == 3


HANGING = """
import signal, socket, sys, threading, time
server = socket.create_server(("127.0.0.1", int(sys.argv[1])))
signal.signal(signal.SIGTERM, lambda *_: None)
print("started", flush=True)
def serve(connection):
    # The launcher's own question is answered at once.
    if connection.recv(1) != b"G":
        time.sleep(float(sys.argv[2]))
    connection.close()
while True:
    threading.Thread(target=serve, args=(server.accept()[0],), daemon=True).start()
"""
"""A LiteLLM whose requests take some seconds, and which does not end when it is told to."""


def test_launcher_kills_a_litellm_that_hangs_once_its_last_request_is_done(port: int) -> None:
    (litellm_port,), request_seconds = free_ports(1), 4.0
    command = (sys.executable, "-c", HANGING, str(litellm_port), str(request_seconds))
    with launch(port, *command, litellm_port=litellm_port) as process:
        assert process.stdout
        assert process.stdout.readline() == "started\n"
        with socket.create_connection(("127.0.0.1", litellm_port)) as request:
            request.sendall(b"P")
            begin = time.monotonic()
            process.send_signal(signal.SIGTERM)
            assert process.wait(30) == -signal.SIGKILL % 256
            assert time.monotonic() - begin > request_seconds + IDLE_SECONDS - 1
        assert "killed" in process.stdout.read()


BESIDE = """
import os, pathlib, sys, time
folder = pathlib.Path(sys.argv[1])
(folder / str(os.getpid())).touch()
time.sleep(30)
"""


@contextmanager
def started_beside(port: int, folder: Path) -> Iterator[subprocess.Popen[str]]:
    """Run the launcher with a command beside LiteLLM that leaves its process id in the folder."""
    beside = [sys.executable, "-c", BESIDE, str(folder)]
    with launch(port, sys.executable, "-c", CHILD, beside=beside) as process:
        assert process.stdout
        assert process.stdout.readline() == "started\n"
        yield process
        process.kill()


def wait_for_processes(folder: Path, count: int) -> list[int]:
    wait_until(lambda: len(list(folder.iterdir())) >= count, 10, pause=0.02)
    return [int(file.name) for file in folder.iterdir()]


def is_running(process: int) -> bool:
    status = Path(f"/proc/{process}/status")
    return status.exists() and "State:\tZ" not in status.read_text()


def test_metrics_server_that_ended_starts_again(port: int, tmp_path: Path) -> None:
    with started_beside(port, tmp_path) as launcher:
        (first,) = wait_for_processes(tmp_path, 1)
        os.kill(first, signal.SIGKILL)
        wait_for_processes(tmp_path, 2)
        assert launcher.poll() is None


def test_metrics_server_ends_with_the_launcher(port: int, tmp_path: Path) -> None:
    with started_beside(port, tmp_path) as launcher:
        (beside,) = wait_for_processes(tmp_path, 1)
        launcher.send_signal(signal.SIGTERM)
        assert launcher.wait(10) == 7
        assert not is_running(beside)


def test_replica_that_is_not_scraped_has_no_metrics_server(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("GATEWAY_METRICS_PORT", raising=False)
    assert runpy.run_path(str(START))["metrics_server"]() == []


def test_scraped_replica_has_a_folder_for_its_workers(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("GATEWAY_METRICS_PORT", "4003")
    monkeypatch.setenv("PROMETHEUS_MULTIPROC_DIR", str(tmp_path / "metrics"))
    program = str(START.with_name("metrics_server.py"))
    assert runpy.run_path(str(START))["metrics_server"]() == [sys.executable, program, "4003"]
    assert (tmp_path / "metrics").is_dir()
