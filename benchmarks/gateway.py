"""The gateway that faults are tried on: prod's settings at the size of this machine."""

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import docker
import httpx
import yaml

from benchmarks.attack import Target
from bootstrap.project import ROOT
from components.models.catalog import load_catalogue
from components.stack.settings import CATALOGUE
from tests.certificates import make
from tests.e2e.leftovers import alone
from tests.e2e.project import Project, free_ports

STACK = "faults"
DERIVED = "localhost/faults/litellm"
"""Images made for a change; they go with the gateway."""
MODEL = "gpt-oss-20b-cloud"
REQUEST_TIMEOUT = 60
START_DEADLINE = 75
"""Seconds for a new replica; a broken one is given up after that."""
QUEUE_TIMEOUT = 10
CACHED = 600
"""Seconds that a worker knows a key without Postgres."""


def configuration() -> dict[str, Any]:
    """Give prod's configuration with one replica, short ends, TLS, and the mock provider for all models."""
    config: dict[str, Any] = yaml.safe_load((ROOT / "stacks" / "Pulumi.prod.yaml").read_text())["config"]
    proxy_port, health_port, https_port = free_ports(3)
    litellm = config["gateway:litellm"]
    litellm |= {
        "replicas": 1, "workers": 1, "memory": 4096, "max_requests_before_restart": None,
        "graceful_shutdown_timeout": REQUEST_TIMEOUT, "start_deadline": START_DEADLINE,
    }  # fmt: skip
    litellm["config"] |= {
        "request_timeout": REQUEST_TIMEOUT, "proxy_batch_write_at": 10, "user_api_key_cache_ttl": CACHED,
    }  # fmt: skip
    return {
        "gateway:litellm": litellm,
        "gateway:mock_provider": {"enabled": True},
        "gateway:edge": {
            "proxy_port": proxy_port, "health_port": health_port, "https_port": https_port,
            "replica_concurrency": 16, "queue_length": 64, "queue_timeout": QUEUE_TIMEOUT, "keepalive_timeout": 5,
        },
    }  # fmt: skip


@dataclass(frozen=True)
class Gateway:
    """A running gateway."""

    project: Project
    proxy_url: str
    secure_url: str
    health_url: str
    master_key: str

    def targets(self, key: str | None = None) -> list[Target]:
        """Give the load: three plain requests, one of them over TLS, to one stream."""
        url, secure = f"{self.proxy_url}/v1/chat/completions", f"{self.secure_url}/v1/chat/completions"
        key = key or self.master_key
        return [Target(url, key, MODEL), Target(secure, key, MODEL), Target(url, key, MODEL, stream=True),
                Target(url, key, MODEL)]  # fmt: skip

    def new_key(self) -> str:
        """Make a virtual key."""
        answer = httpx.post(
            f"{self.proxy_url}/key/generate",
            json={},
            headers={"Authorization": f"Bearer {self.master_key}"},
            timeout=30,
        )
        return str(answer.raise_for_status().json()["key"])

    def provider(self) -> httpx.Client:
        """Reach the mock provider's counts on the front network."""
        networks = self.project.container("provider").attrs["NetworkSettings"]["Networks"]
        (address,) = [network["IPAddress"] for network in networks.values()]
        return httpx.Client(base_url=f"http://{address}:8090", timeout=10)

    def provider_requests(self) -> int:
        """Count the requests that the mock provider answered for the load's model."""
        with self.provider() as client:
            models = client.get("/counts").json()["models"]
        found = models.get(load_catalogue(CATALOGUE)[MODEL].model, {})
        return int(found.get("outcomes", {}).get("answered", 0))

    def derived_image(self, name: str, *lines: str) -> str:
        """Build an image on the gateway's LiteLLM, and give its reference."""
        base = self.project.container("litellm-1").attrs["Config"]["Image"]
        with tempfile.TemporaryDirectory() as folder:
            (Path(folder) / "Dockerfile").write_text("\n".join([f"FROM {base}", *lines]) + "\n")
            docker.from_env().images.build(path=folder, tag=f"{DERIVED}:{name}", network_mode="none", rm=True)
        return f"{DERIVED}:{name}"


def certificate() -> str:
    """Make another certificate for localhost."""
    now = datetime.now(UTC)
    return make(now - timedelta(hours=1), now + timedelta(days=90))


def set_certificate(project: Project) -> None:
    """Give the stack another certificate."""
    project.set_secret("gateway:edge_certificate", certificate())


@contextmanager
def running() -> Iterator[Gateway]:
    """Start the gateway; it is removed at the end, whatever became of it."""
    folder = Path(tempfile.mkdtemp(prefix="faults-"))
    config = configuration()
    project = Project(folder, STACK, config)
    with alone(project.stack):
        try:
            set_certificate(project)
            project.must("up", "--yes", "--skip-preview")
            https_port = config["gateway:edge"]["https_port"]
            yield Gateway(
                project,
                proxy_url=project.output("proxy_url"),
                secure_url=f"https://localhost:{https_port}",
                health_url=project.output("health_url"),
                master_key=project.output("master_key"),
            )
        finally:
            project.pulumi("destroy", "--yes", "--skip-preview", "--refresh")
            shutil.rmtree(folder)
            engine = docker.from_env().images
            for tag in [tag for image in engine.list(DERIVED) for tag in image.tags]:
                engine.remove(tag, force=True)
