"""Receivers of what LiteLLM's callbacks send: a stand-in for Langfuse, and the OpenTelemetry Collector.

Each is a container on the stack's front network, and prints what it receives.
"""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import docker
from docker.models.containers import Container

from benchmarks.tools import Tool
from testbed.project import Project

COLLECTOR_CONFIG = """
receivers: {otlp: {protocols: {http: {endpoint: "0.0.0.0:4318"}}}}
exporters: {debug: {verbosity: detailed}}
service: {pipelines: {traces: {receivers: [otlp], exporters: [debug]}}}
"""
INGESTION = Path(__file__).with_name("langfuse_ingestion.py")
TLS_SERVER = Path(__file__).with_name("tls_provider.py")
FORWARD_PROXY = Path(__file__).with_name("forward_proxy.py")


@dataclass(frozen=True)
class Receiver:
    """A receiver on the front network."""

    alias: str
    port: int


LANGFUSE = Receiver("langfuse", 3000)
OTLP = Receiver("otelcol", 4318)


@contextmanager
def front_container(project: Project, alias: str, **options: Any) -> Iterator[Container]:
    """Run a container of LiteLLM's image on the front network; remove it at the end."""
    engine = docker.from_env()
    (network,) = project.container("provider").attrs["NetworkSettings"]["Networks"]
    container = engine.containers.create(
        project.container("litellm-1").attrs["Image"],
        labels={"gateway.stack": project.stack, "gateway.workload": alias},
        network=network,
        user="65534",
        **options,
    )
    joined = engine.networks.get(network)
    joined.disconnect(container)
    joined.connect(container, aliases=[alias])
    container.start()
    try:
        yield container
    finally:
        container.remove(force=True)


@contextmanager
def langfuse(project: Project) -> Iterator[Container]:
    """Run the stand-in for Langfuse's ingestion API."""
    with front_container(
        project, LANGFUSE.alias, entrypoint=["python3", "-uc"], command=[INGESTION.read_text()]
    ) as container:
        yield container


@contextmanager
def collector(project: Project, folder: Path) -> Iterator[Container]:
    """Run the OpenTelemetry Collector."""
    program, config = Path(Tool.OTELCOL.build()), folder / "collector.yaml"
    config.write_text(COLLECTOR_CONFIG)
    config.chmod(0o644)
    folder.chmod(0o755)
    with front_container(
        project,
        OTLP.alias,
        entrypoint=["/otelcol"],
        command=["--config", "/collector.yaml"],
        volumes=[f"{program}:/otelcol:ro", f"{config}:/collector.yaml:ro"],
    ) as container:
        yield container


def traces(container: Container) -> list[dict[str, Any]]:
    """Return what the stand-in for Langfuse was sent."""
    lines = container.logs().decode(errors="replace").splitlines()
    return [json.loads(line) for line in lines if line.startswith("{")]
