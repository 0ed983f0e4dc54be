"""The gateway of the benchmarks: prod's settings at the size of this machine."""

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.attack import Target
from testbed.certificates import valid_now
from testbed.completion import CHAT, MODEL
from testbed.configuration import edge_ports, read
from testbed.gateway import admin, new_key, running
from testbed.image import derived_images
from testbed.mock_provider import MockProvider
from testbed.ports import free_ports
from testbed.project import Project

STACK = "faults"
IMAGE = "images.litellm"
CERTIFICATE = "gateway:edge_certificate"
REQUEST_TIMEOUT = 60
STARTUP_TIMEOUT = 75
"""Seconds for a new replica to become healthy; a broken one is given up after that."""
QUEUE_TIMEOUT = 10
KEY_CACHE_SECONDS = 600
"""For which a worker knows a key without Postgres."""


def configuration() -> dict[str, Any]:
    """Return prod's configuration with one replica, short timeouts, TLS, and the mock provider for all models."""
    litellm = read("prod")["gateway:litellm"]
    (https_port,) = free_ports(1)
    litellm |= {
        "replicas": 1, "workers": 1, "memory_mib": 4096, "max_requests_before_restart": None,
        "stop_timeout": REQUEST_TIMEOUT, "startup_timeout": STARTUP_TIMEOUT,
    }  # fmt: skip
    litellm["config"] |= {
        "request_timeout": REQUEST_TIMEOUT, "proxy_batch_write_at": 10, "user_api_key_cache_ttl": KEY_CACHE_SECONDS,
    }  # fmt: skip
    return {
        "gateway:litellm": litellm,
        "gateway:mock_provider": {"enabled": True},
        "gateway:edge": {
            **edge_ports(), "https_port": https_port,
            "replica_concurrency": 16, "queue_length": 64, "queue_timeout": QUEUE_TIMEOUT, "keepalive_timeout": 5,
        },
    }  # fmt: skip


@dataclass(frozen=True)
class BenchmarkGateway:
    """A running gateway."""

    project: Project
    proxy_url: str
    secure_url: str
    health_url: str
    master_key: str

    def targets(self, key: str | None = None) -> list[Target]:
        """Return the load: three plain requests, one of them over TLS, to one stream."""
        url, secure, key = f"{self.proxy_url}{CHAT}", f"{self.secure_url}{CHAT}", key or self.master_key
        return [Target(url, key, MODEL), Target(secure, key, MODEL), Target(url, key, MODEL, stream=True),
                Target(url, key, MODEL)]  # fmt: skip

    def new_key(self) -> str:
        """Make a virtual key; return it."""
        with admin(self.project) as proxy:
            return new_key(proxy, "benchmark")

    def provider_requests(self) -> int:
        """Return how many requests for the load's model the mock provider has answered."""
        with MockProvider(self.project) as mock:
            return mock.requests(MODEL, "answered")


def set_certificate(project: Project) -> None:
    """Give the stack a new certificate; the next update applies it."""
    project.set_secret(CERTIFICATE, valid_now())


@contextmanager
def started() -> Iterator[BenchmarkGateway]:
    """Start the gateway. It is removed at the end, whatever became of it."""
    folder = Path(tempfile.mkdtemp(prefix="faults-"))
    try:
        config = configuration()
        project = Project(folder, STACK, config)
        set_certificate(project)
        with derived_images(), running(project):
            yield BenchmarkGateway(
                project,
                proxy_url=project.output("proxy_url"),
                secure_url=f"https://localhost:{config['gateway:edge']['https_port']}",
                health_url=project.output("health_url"),
                master_key=project.output("master_key"),
            )
    finally:
        shutil.rmtree(folder)
