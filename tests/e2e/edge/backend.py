"""The edge's queue and its requests in flight, read from its metrics on the front network."""

import re

import httpx

from components.edge.haproxy import METRICS_PORT
from testbed.container import address
from testbed.project import Project


def at_replicas(gateway: Project) -> float:
    """Return how many requests replicas work on or wait for one."""
    return _read(gateway, "sessions")


def queued(gateway: Project) -> float:
    """Return how many requests wait for a replica."""
    return _read(gateway, "queue")


def _read(gateway: Project, what: str) -> float:
    metrics = httpx.get(f"http://{address(gateway, gateway.container('edge'))}:{METRICS_PORT}/metrics").text
    found = re.search(rf'^haproxy_backend_current_{what}\{{proxy="litellm"\}} (\S+)$', metrics, re.MULTILINE)
    assert found
    return float(found[1])
