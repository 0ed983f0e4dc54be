"""The same load on the same images under Docker Compose: what `docker compose up -d` drops."""

import shutil
import subprocess
import tempfile
import time
from contextlib import suppress
from pathlib import Path

import docker
import httpx
import yaml

from benchmarks.attack import Target, attack
from benchmarks.faults import AFTER, BEFORE, keep
from benchmarks.finding import Finding
from benchmarks.gateway import MODEL, Gateway
from benchmarks.tools import Tool
from tests.e2e.project import free_ports

PROJECT = "faults-compose"
STARTS_WITHIN = 180
"""Seconds that Compose waits for a healthy container."""


def compose_file(gateway: Gateway, folder: Path, port: int, cooldown: str) -> str:
    """Write what the stack runs, as Compose does it: one container of each part, LiteLLM's port on the host.

    LiteLLM's part is as the running replica's: image, command, environment, files and health check.
    """
    replica = gateway.project.container("litellm-1").attrs
    files = f"{folder}/files"
    volumes = [f"{files}/{name}:{target}:ro" for name, target in
               (("etc", "/etc/gateway"), ("opt", "/opt/gateway"), ("run", "/run/secrets"))]  # fmt: skip
    seconds = replica["Config"]["Healthcheck"]
    environment = [each for each in replica["Config"]["Env"] if not each.startswith("PATH=")]
    litellm = {
        "image": replica["Image"], "user": replica["Config"]["User"], "init": True, "volumes": volumes,
        "entrypoint": [each.replace("$", "$$") for each in replica["Config"]["Entrypoint"]],
        "environment": [*environment, f"FAULTS_CHANGE={cooldown}"],
        "ports": [f"127.0.0.1:{port}:4000"], "tmpfs": ["/tmp:mode=1777"], "stop_grace_period": "80s",  # noqa: S108
        "healthcheck": {"test": seconds["Test"], "interval": "5s", "timeout": "10s", "retries": 3,
                        "start_period": "90s"},
    }  # fmt: skip
    networks = {name: {"external": True} for name in replica["NetworkSettings"]["Networks"]}
    litellm["networks"] = list(networks)
    return yaml.safe_dump({"name": PROJECT, "services": {"litellm": litellm}, "networks": networks})


def copy_files(gateway: Gateway, folder: Path) -> None:
    """Take the running replica's files."""
    container = gateway.project.container("litellm-1")
    for name, source in (("etc", "/etc/gateway"), ("opt", "/opt/gateway"), ("run", "/run/secrets")):
        target = folder / "files" / name
        target.parent.mkdir(parents=True, exist_ok=True)
        subprocess.run(["docker", "cp", f"{container.id}:{source}", str(target)], check=True, capture_output=True)


def compare(gateway: Gateway, rate: float) -> list[Finding]:
    """Change one environment variable of LiteLLM under Compose while the same load runs."""
    folder, (port,) = Path(tempfile.mkdtemp(prefix="compose-")), free_ports(1)
    folder.chmod(0o700)
    file = folder / "compose.yaml"
    command = [Tool.COMPOSE.build(), "-f", str(file)]
    try:
        copy_files(gateway, folder)
        file.write_text(compose_file(gateway, folder, port, "before"))
        subprocess.run([*command, "up", "-d", "--wait", f"--wait-timeout={STARTS_WITHIN}"], check=True,
                       capture_output=True)  # fmt: skip
        url = f"http://127.0.0.1:{port}/v1/chat/completions"
        targets = [Target(url, gateway.master_key, MODEL), Target(url, gateway.master_key, MODEL, stream=True)]
        file.write_text(compose_file(gateway, folder, port, "after"))
        with attack(targets, rate) as load:
            time.sleep(BEFORE)
            subprocess.run([*command, "up", "-d"], check=True, capture_output=True)
            wait_until_it_lives(port)
            time.sleep(AFTER)
    finally:
        if file.exists():
            subprocess.run([*command, "down"], check=False, capture_output=True)
        shutil.rmtree(folder)
    keep("Compose", load)
    return [Finding("failed requests: Docker Compose, environment variable", load.failed, None, load.text())]


def wait_until_it_lives(port: int) -> None:
    """Ask the new container: it answers only some time after `up -d` has ended.

    Raises:
        TimeoutError: when it did not within STARTS_WITHIN seconds.
    """
    give_up = time.monotonic() + STARTS_WITHIN
    while time.monotonic() < give_up:
        with suppress(httpx.TransportError):
            if httpx.get(f"http://127.0.0.1:{port}/health/liveliness", timeout=5).is_success:
                return
        time.sleep(0.5)
    raise TimeoutError(f"Compose's LiteLLM does not answer on port {port} after {STARTS_WITHIN} s")


def version() -> str:
    """Name the versions that ran."""
    compose = subprocess.run([Tool.COMPOSE.build(), "version", "--short"], capture_output=True, text=True, check=True)
    return f"Docker Engine {docker.from_env().version()['Version']}, Compose {compose.stdout.strip() or 'v2'}"
