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
from benchmarks.comparison.sides.beside import FOLDERS, REPLICA, copy_files
from benchmarks.comparison.sides.compose_file import Attributes, service
from benchmarks.faults import AFTER, BEFORE, keep
from benchmarks.gateway import BenchmarkGateway
from benchmarks.result import Result
from benchmarks.tools import Tool
from components.engine.connection.client import connect
from components.litellm.component import PORT
from testbed.completion import CHAT, MODEL
from testbed.ports import free_ports
from testbed.wait import wait_until

PROJECT, SERVICE, VARIABLE = "faults-compose", "copy", "FAULTS_CHANGE"
START_SECONDS = 180
"""For Compose to wait for a healthy container."""


def copy_of_replica(replica: Attributes, files: Path, port: int, value: str) -> str:
    """Return a compose.yaml that runs a copy of a replica, in its networks.

    Args:
        replica: as `docker inspect` describes it.
        files: folder with its files.
        port: of the host, which leads to it.
        value: of a variable that only Compose's copy has.
    """
    names = list(replica["NetworkSettings"]["Networks"])
    copied = service(SERVICE, replica, files)
    # Database and Redis are the stack's, and run already.
    copied.pop("depends_on", None)
    copied |= {
        "restart": "no",
        "environment": [*copied["environment"], f"{VARIABLE}={value}"],
        "ports": [f"127.0.0.1:{port}:{PORT}"],
        "networks": names,
        # Its volumes besides its files are the stack's.
        "volumes": [volume for volume in copied["volumes"] if volume.startswith(f"{files}/")],
    }
    networks = {name: {"external": True} for name in names}
    return yaml.safe_dump({"name": PROJECT, "services": {SERVICE: copied}, "networks": networks})


def compare(gateway: BenchmarkGateway, rate: float) -> list[Result]:
    """Change one environment variable of LiteLLM under Compose while the same load runs."""
    folder, (port,) = Path(tempfile.mkdtemp(prefix="compose-")), free_ports(1)
    file, files = folder / "compose.yaml", folder / "files"
    command = [Tool.COMPOSE.build(), "-f", str(file)]
    try:
        # What an interrupted run left holds the networks.
        subprocess.run([command[0], "-p", PROJECT, "down"], check=False, capture_output=True)
        replica = gateway.project.container(REPLICA)
        copy_files(replica, files)
        assert {each.name for each in files.iterdir()} == set(FOLDERS)
        file.write_text(copy_of_replica(replica.attrs, files, port, "before"))
        subprocess.run([*command, "up", "-d", "--wait", f"--wait-timeout={START_SECONDS}"], check=True,
                       capture_output=True)  # fmt: skip
        url = f"http://127.0.0.1:{port}{CHAT}"
        targets = [Target(url, gateway.master_key, MODEL), Target(url, gateway.master_key, MODEL, stream=True)]
        file.write_text(copy_of_replica(replica.attrs, files, port, "after"))
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
