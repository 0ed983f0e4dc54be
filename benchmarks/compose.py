"""The same load on the same images under Docker Compose: requests that `docker compose up -d` drops."""

import shutil
import subprocess
import tempfile
import time
from contextlib import suppress
from pathlib import Path

import httpx
import yaml

from benchmarks.attack import Target, attack
from benchmarks.faults import AFTER, BEFORE, keep
from benchmarks.gateway import BenchmarkGateway
from benchmarks.result import Result
from benchmarks.tools import Tool
from components.engine.connection.client import connect
from testbed.completion import CHAT, MODEL
from testbed.ports import free_ports
from testbed.wait import wait_until

PROJECT = "faults-compose"
START_SECONDS = 180
"""For Compose to wait for a healthy container."""


def compose_file(gateway: BenchmarkGateway, folder: Path, port: int, cooldown: str) -> str:
    """Return a compose.yaml with one LiteLLM whose port is on the host.

    Image, command, environment, files and health check are those of the running replica.
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


def copy_files(gateway: BenchmarkGateway, folder: Path) -> None:
    """Copy the running replica's files."""
    container = gateway.project.container("litellm-1")
    for name, source in (("etc", "/etc/gateway"), ("opt", "/opt/gateway"), ("run", "/run/secrets")):
        target = folder / "files" / name
        target.parent.mkdir(parents=True, exist_ok=True)
        subprocess.run(["docker", "cp", f"{container.id}:{source}", str(target)], check=True, capture_output=True)


def compare(gateway: BenchmarkGateway, rate: float) -> list[Result]:
    """Change one environment variable of LiteLLM under Compose while the same load runs."""
    folder, (port,) = Path(tempfile.mkdtemp(prefix="compose-")), free_ports(1)
    folder.chmod(0o700)
    file = folder / "compose.yaml"
    command = [Tool.COMPOSE.build(), "-f", str(file)]
    try:
        copy_files(gateway, folder)
        file.write_text(compose_file(gateway, folder, port, "before"))
        subprocess.run([*command, "up", "-d", "--wait", f"--wait-timeout={START_SECONDS}"], check=True,
                       capture_output=True)  # fmt: skip
        url = f"http://127.0.0.1:{port}{CHAT}"
        targets = [Target(url, gateway.master_key, MODEL), Target(url, gateway.master_key, MODEL, stream=True)]
        file.write_text(compose_file(gateway, folder, port, "after"))
        with attack(targets, rate) as load:
            time.sleep(BEFORE)
            subprocess.run([*command, "up", "-d"], check=True, capture_output=True)
            wait_until(lambda: alive(port), START_SECONDS)
            time.sleep(AFTER)
    finally:
        if file.exists():
            subprocess.run([*command, "down"], check=False, capture_output=True)
        shutil.rmtree(folder)
    keep("Compose", load)
    return [Result("failed requests: Docker Compose, environment variable", load.failed, None, load.text())]


def alive(port: int) -> bool:
    """Return whether the new container answers, which it does some time after `up -d` has ended."""
    with suppress(httpx.TransportError):
        return httpx.get(f"http://127.0.0.1:{port}/health/liveliness", timeout=5).is_success
    return False


def version() -> str:
    """Return the versions of the engine and of Compose."""
    compose = subprocess.run([Tool.COMPOSE.build(), "version", "--short"], capture_output=True, text=True, check=True)
    return f"Docker Engine {connect().version()['Version']}, Compose {compose.stdout.strip() or 'v2'}"
