"""The server of a replica's metrics, as a process of its own as in a replica."""

import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from components.litellm.capacity import METRICS_MIB
from testbed.ports import free_ports
from testbed.wait import wait_until

SERVER = Path(__file__).parents[5] / "components" / "litellm" / "worker" / "metrics_server.py"
COUNTING = """
import sys
from prometheus_client import Counter
Counter("answers", "Answers").inc(int(sys.argv[1]))
"""
START_SECONDS = 10


@pytest.fixture
def server(tmp_path: Path) -> Iterator[tuple[str, subprocess.Popen[bytes]]]:
    """The URL and the process of a server of two workers' counts."""
    (port,), environment = free_ports(1), os.environ | {"PROMETHEUS_MULTIPROC_DIR": str(tmp_path)}
    for amount in ("3", "4"):
        subprocess.run([sys.executable, "-c", COUNTING, amount], env=environment, check=True)
    with subprocess.Popen([sys.executable, str(SERVER), str(port)], env=environment) as process:
        wait_until(lambda: listens(port), START_SECONDS, pause=0.02)
        yield f"http://127.0.0.1:{port}/metrics/", process
        process.terminate()


def listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def scraped(url: str) -> httpx.Response:
    return httpx.get(url, headers={"Accept-Encoding": "gzip"})


def test_metrics_server_adds_up_what_the_workers_counted(server: tuple[str, subprocess.Popen[bytes]]) -> None:
    url, _ = server
    answer = scraped(url)
    assert "answers_total 7.0" in answer.text.splitlines()
    assert answer.headers["content-encoding"] == "gzip"


def test_metrics_server_needs_little_memory(server: tuple[str, subprocess.Popen[bytes]]) -> None:
    url, process = server
    scraped(url)
    status = Path(f"/proc/{process.pid}/status").read_text()
    resident = next(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmRSS:"))
    print(f"resident memory of the metrics' server: {resident / 1024:.0f} MiB")
    assert resident / 1024 < METRICS_MIB


def test_metrics_server_fails_a_scrape_that_meets_a_half_done_fold(
    server: tuple[str, subprocess.Popen[bytes]], tmp_path: Path
) -> None:
    url, _ = server
    (tmp_path / "counter_folding.db").symlink_to("nowhere")
    assert scraped(url).status_code == 500
    (tmp_path / "counter_folding.db").unlink()
    assert scraped(url).status_code == 200
