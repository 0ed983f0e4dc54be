"""Health: the check of each container, and the edge's answer on its own port."""

import time

import httpx
import pytest
from docker.models.containers import Container

from components.litellm.component import LOADER, python
from testbed.container import healthy, must_run
from testbed.project import Project
from testbed.wait import wait_until

SIGNAL = """
import os, signal, sys
name, *command = sys.argv[1:]
for process in filter(str.isdigit, os.listdir('/proc')):
    if open(f'/proc/{process}/cmdline').read().split('\\0')[:len(command)] == command:
        os.kill(int(process), getattr(signal, name))
"""
SECOND = 1_000_000_000
"""Docker counts in nanoseconds."""


def signal_workers(replica: Container, name: str) -> None:
    """Send LiteLLM's processes a signal: stopped ones keep their connections and answer nothing."""
    must_run(replica, "python3", "-c", SIGNAL, name, *python(LOADER))


@pytest.mark.parametrize(
    ("workload", "interval", "timeout", "retries"),
    [("litellm-1", 5, 10, 3), ("postgres", 5, 5, 5), ("redis", 5, 5, 5), ("edge", 5, 5, 5)],
)
def test_each_container_is_checked_in_time(
    gateway: Project, workload: str, interval: int, timeout: int, retries: int
) -> None:
    check = gateway.container(workload).attrs["Config"]["Healthcheck"]
    assert (check["Interval"], check["Timeout"]) == (interval * SECOND, timeout * SECOND)
    assert check["Retries"] == retries


def test_health_answers_on_its_own_port_within_five_seconds(gateway: Project) -> None:
    begin = time.monotonic()
    assert httpx.get(gateway.output("health_url"), timeout=5).text == "healthy"
    assert time.monotonic() - begin < 5


def test_an_unresponsive_replica_is_noticed_by_its_check_and_by_the_edge(gateway: Project) -> None:
    replica, health = gateway.container("litellm-1"), gateway.output("health_url")
    replica.pause()
    try:
        wait_until(lambda: httpx.get(health, timeout=5).status_code == 503, 60)
    finally:
        replica.unpause()
    wait_until(lambda: httpx.get(health, timeout=5).status_code == 200, 60)

    signal_workers(replica, "SIGSTOP")
    try:
        wait_until(lambda: gateway.container("litellm-1").attrs["State"]["Health"]["FailingStreak"] > 0, 60)
    finally:
        signal_workers(replica, "SIGCONT")
    wait_until(lambda: healthy(replica), 60)
