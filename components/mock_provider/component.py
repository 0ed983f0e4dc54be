"""The mock provider as a part of a stack."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

import pulumi
from pydantic import Field

from components.engine.engine import Engine
from components.engine.workload import (
    PROGRAMS_FOLDER,
    HealthCheck,
    HttpGet,
    Network,
    Replacement,
    Service,
    request_command,
)
from components.mock_provider.routes import ALIAS, PORT, URL
from components.settings.base import SettingsModel

SERVER = Path(__file__).parent / "server"
PACKAGE = "mock_provider"
"""Name of the server's package inside the container."""
READINESS = HttpGet(PORT, "/health")


class MockProviderSettings(SettingsModel):
    """The stand-in for paid APIs."""

    renamed: ClassVar[Mapping[str, str]] = {"memory": "memory_mib"}

    enabled: bool = False
    """Whether the mock provider serves every model. Never in production."""
    latency_ms: int = Field(50, ge=0, le=600000)
    """Time before an answer starts."""
    chunk_latency_ms: int = Field(10, ge=0, le=600000)
    """Time before each further streamed chunk."""
    memory_mib: int = Field(512, ge=128)
    """Memory limit of the container."""


@dataclass(frozen=True)
class MockProviderArgs:
    """What the mock provider needs."""

    settings: MockProviderSettings
    image: str
    """LiteLLM's, which has the libraries that it needs."""
    engine: Engine


def service(args: MockProviderArgs) -> Service:
    """Describe the mock provider."""
    return Service(
        name=ALIAS,
        alias=ALIAS,
        image=args.image,
        user="101:101",
        networks=(Network.FRONT,),
        memory_mib=args.settings.memory_mib,
        entrypoint=("python3", "-m", "uvicorn", f"{PACKAGE}.app:app"),
        command=(
            *("--app-dir", PROGRAMS_FOLDER, "--host", "0.0.0.0", "--port", str(PORT)),  # noqa: S104
            *("--no-access-log", "--timeout-graceful-shutdown", "5"),
        ),
        environment={
            "MOCK_CHUNK_LATENCY_MS": str(args.settings.chunk_latency_ms),
            "MOCK_LATENCY_MS": str(args.settings.latency_ms),
            "PYTHONDONTWRITEBYTECODE": "1",
        },
        programs={f"{PACKAGE}/{file.name}": file.read_text() for file in sorted(SERVER.glob("*.py"))},
        health=HealthCheck(request_command(READINESS, timeout=4), READINESS, interval=2, retries=5, deadline=60),
        stop_timeout=10,
        replacement=Replacement.CREATE_BEFORE_DELETE,
        listens=(PORT,),
    )


class MockProvider(pulumi.ComponentResource):
    """One mock provider for all models of the stack."""

    url: str

    def __init__(self, name: str, args: MockProviderArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        """Start the mock provider."""
        super().__init__("gateway:index:Provider", name, {}, opts)
        args.engine.run(service(args), self)
        self.url = URL
        self.register_outputs({"url": self.url})
