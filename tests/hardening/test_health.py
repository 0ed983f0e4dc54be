"""Health: each container's own check, and the edge's answer on a port of its own."""

import time

import httpx
import pytest
from docker.models.containers import Container

from tests.e2e.project import Project
from tests.hardening.replica import wait_for

SIGNAL = """
import os, signal
for process in filter(str.isdigit, os.listdir('/proc')):
    if int(process) != os.getpid() and 'bin/litellm' in open(f'/proc/{process}/cmdline').read():
        os.kill(int(process), signal.NAME)
"""
SECOND = 1_000_000_000
"""Docker counts in nanoseconds."""


def signal_workers(replica: Container, name: str) -> None:
    """Send LiteLLM's processes a signal: stopped ones hold their connections and answer nothing."""
    exit_code, text = replica.exec_run(["python3", "-c", SIGNAL.replace("signal.NAME", f"signal.{name}")])
    assert exit_code == 0, text


@pytest.mark.parametrize(
    ("workload", "interval", "timeout", "retries"),
    [("litellm-1", 5, 10, 3), ("postgres", 2, 5, 5), ("redis", 2, 5, 5), ("edge", 1, 5, 5)],
)
def test_each_container_is_checked_in_time(
    gateway: Project, workload: str, interval: int, timeout: int, retries: int
) -> None:
    check = gateway.container(workload).attrs["Config"]["Healthcheck"]
    assert (check["Interval"], check["Timeout"]) == (interval * SECOND, timeout * SECOND)
    assert check["Retries"] == retries


def test_health_on_its_own_port_is_answered_within_the_row_s_five_seconds(gateway: Project) -> None:
    begin = time.monotonic()
    assert httpx.get(gateway.output("health_url"), timeout=5).text == "healthy"
    assert time.monotonic() - begin < 5


def test_a_replica_whose_readiness_fails_is_seen_by_its_check_and_by_the_edge(gateway: Project) -> None:
    replica, health = gateway.container("litellm-1"), gateway.output("health_url")
    replica.pause()
    try:
        wait_for(lambda: httpx.get(health, timeout=5).status_code == 503, 60)
    finally:
        replica.unpause()
    wait_for(lambda: httpx.get(health, timeout=5).status_code == 200, 60)

    signal_workers(replica, "SIGSTOP")
    try:
        wait_for(lambda: gateway.container("litellm-1").attrs["State"]["Health"]["FailingStreak"] > 0, 60)
    finally:
        signal_workers(replica, "SIGCONT")
    wait_for(lambda: gateway.container("litellm-1").attrs["State"]["Health"]["Status"] == "healthy", 60)
