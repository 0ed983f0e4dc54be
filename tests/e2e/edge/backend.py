"""What the edge has in hand, by its own metrics on the front network."""

import re

import httpx

from components.edge.haproxy import METRICS_PORT
from tests.e2e.project import Project
from tests.hardening.replica import address


def at_replicas(gateway: Project) -> float:
    """Count the requests that replicas work on or that wait for one."""
    return _read(gateway, "sessions")


def queued(gateway: Project) -> float:
    """Count the requests that wait for a replica."""
    return _read(gateway, "queue")


def _read(gateway: Project, what: str) -> float:
    metrics = httpx.get(f"http://{address(gateway, gateway.container('edge'))}:{METRICS_PORT}/metrics").text
    found = re.search(rf'^haproxy_backend_current_{what}\{{proxy="litellm"\}} (\S+)$', metrics, re.MULTILINE)
    assert found
    return float(found[1])
