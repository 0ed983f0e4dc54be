"""The mock provider: real HTTP in the providers' own shapes, so that a stack without API keys answers."""

from collections.abc import Sequence
from pathlib import Path

import pulumi
import pulumi_docker as docker
from pydantic import Field

from components.engine.docker import DockerEngine
from components.engine.workload import PROGRAMS_FOLDER, HealthCheck, Network, Replacement, Workload, http_get
from components.settings.base import Section

ALIAS = "provider"
PORT = 8090
URL = f"http://{ALIAS}:{PORT}"
SOURCE = Path(__file__).parent / "server"
READINESS = http_get(f"http://127.0.0.1:{PORT}/health", timeout=4)


class MockProviderSettings(Section):
    """The stand-in for paid APIs."""

    enabled: bool = False
    """Whether every model is served by the mock provider. Never in production."""
    latency_ms: int = Field(50, ge=0, le=600000)
    """Milliseconds before an answer starts."""
    chunk_latency_ms: int = Field(10, ge=0, le=600000)
    """Milliseconds before each further streamed chunk."""
    memory: int = Field(512, ge=128)
    """Memory limit of the container, MiB."""


def workload(settings: MockProviderSettings, image: str) -> Workload:
    """Describe the mock provider. It runs on LiteLLM's image, which has the libraries it needs."""
    return Workload(
        name="provider",
        alias=ALIAS,
        image=image,
        user="101:101",
        networks=(Network.FRONT,),
        memory=settings.memory,
        entrypoint=("python3", "-m", "uvicorn", "mock_provider.app:app"),
        command=(
            *("--app-dir", PROGRAMS_FOLDER, "--host", "0.0.0.0", "--port", str(PORT)),  # noqa: S104
            *("--no-access-log", "--timeout-graceful-shutdown", "5"),
        ),
        environment={
            "MOCK_CHUNK_LATENCY_MS": str(settings.chunk_latency_ms),
            "MOCK_LATENCY_MS": str(settings.latency_ms),
            "PYTHONDONTWRITEBYTECODE": "1",
        },
        programs={f"mock_provider/{file.name}": file.read_text() for file in sorted(SOURCE.glob("*.py"))},
        health=HealthCheck(command=READINESS, interval=2, retries=5, deadline=60),
        stop_seconds=10,
        replacement=Replacement.CREATE_BEFORE_DELETE,
    )


class Provider(pulumi.ComponentResource):
    """One mock provider for all models of the stack."""

    container: docker.Container

    def __init__(
        self,
        settings: MockProviderSettings,
        image: str,
        engine: DockerEngine,
        depends_on: Sequence[pulumi.Resource] = (),
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        """Start the mock provider."""
        super().__init__("gateway:index:Provider", "provider", {}, opts)
        self.container = engine.run(workload(settings, image), self, depends_on)
        self.register_outputs({})
