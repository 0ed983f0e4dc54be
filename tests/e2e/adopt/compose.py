"""The old deployment by Docker Compose itself, on this machine's images."""

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import docker
import yaml

from benchmarks.tools import Tool
from components.images.source import image_reference, resolve_source
from components.litellm.environment import COMMON_ENVIRONMENT
from tests.e2e.adopt.old_deployment import CONFIG, OldDeployment, use
from tests.e2e.adopt.old_files import write_files


def write_local_files(folder: Path, proxy_port: int, health_port: int) -> dict[str, Path]:
    """Write the three files with this machine's images, and a model that answers without a provider."""
    files = write_files(folder, proxy_port, health_port)
    compose = yaml.safe_load(files["--compose"].read_text())
    for service, part in (("litellm", "litellm"), ("db", "postgres"), ("redis", "redis")):
        compose["services"][service]["image"] = image_reference(part, resolve_source())
    litellm = compose["services"]["litellm"]
    litellm["entrypoint"] = ["litellm"]
    litellm["environment"] += [f"{name}={value}" for name, value in COMMON_ENVIRONMENT.items()]
    files["--compose"].write_text(yaml.safe_dump(compose, sort_keys=False))
    config = yaml.safe_load(files["--config"].read_text())
    config["model_list"] += yaml.safe_load(CONFIG)["model_list"]
    config["general_settings"]["proxy_batch_write_at"] = 1
    files["--config"].write_text(yaml.safe_dump(config, sort_keys=False))
    return files


def with_compose(folder: Path) -> dict[str, str]:
    """Return the environment in which `docker compose` is a command."""
    plugins = folder / "docker" / "cli-plugins"
    plugins.mkdir(parents=True)
    (plugins / "docker-compose").symlink_to(Tool.COMPOSE.build())
    return {"DOCKER_CONFIG": str(folder / "docker")}


@contextmanager
def compose_deployment(folder: Path, port: int, environment: dict[str, str]) -> Iterator[OldDeployment]:
    """Start it, and use it; it is removed at the end."""

    def compose(*arguments: str) -> None:
        subprocess.run(
            ["docker", "compose", "--project-directory", str(folder), *arguments],
            env={**os.environ, **environment},
            check=True,
            capture_output=True,
        )

    try:
        compose("up", "--detach")
        engine = docker.from_env().containers
        database = engine.list(filters={"label": ["com.docker.compose.service=db"], "name": folder.name})[0]
        deployment = OldDeployment(database, engine.get("litellm-proxy"), "", user="litellm", name="litellm")
        deployment.key = use(f"http://127.0.0.1:{port}", deployment)
        yield deployment
    finally:
        compose("down", "--volumes", "--timeout", "10")
