"""Copies of prod's replica beside it, each changed in one way: same files, database, Redis and provider."""

import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import yaml
from docker.models.containers import Container

from benchmarks.comparison.sides.usage import COPY
from components.engine.connection.client import connect
from components.engine.labels import STACK_LABEL, WORKLOAD_LABEL
from components.litellm.component import PORT
from testbed.project import Project
from testbed.wait import wait_until

REPLICA = "litellm-1"
FOLDERS = {"etc": "/etc/gateway", "opt": "/opt/gateway", "run": "/run/secrets"}
"""Name on the host → folder of a container that holds its files."""
SECRETS_FILE = "run/environment"
START_SECONDS = 600

Config = dict[str, Any]
Variables = dict[str, str]


@dataclass(frozen=True)
class Variant:
    """How a copy differs from the replica."""

    config: Callable[[Config], Config] = lambda config: config
    """Changes config.yaml."""
    environment: Callable[[Variables], Variables] = lambda variables: variables
    """Changes the environment that is not secret."""
    command: Callable[[str], str] = lambda command: command
    """Changes the entrypoint, which is a line of shell."""
    package: str | None = None
    """A package of PyPI that it finds beside its own, as a wheel."""
    secrets_in_environment: bool = False
    """Whether its secrets are environment variables, as everybody can read by `docker inspect`."""


def secrets_of(text: str) -> Variables:
    """Return the variables of a replica's file of secrets: lines of `export NAME=VALUE`."""
    pairs = (line.removeprefix("export ").split("=", 1) for line in text.splitlines() if line)
    return {name: value.strip("'") for name, value in pairs}


def copy_files(container: Container, folder: Path) -> None:
    """Copy a container's files, readable for the user that it runs as. The folder above is closed to all others."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    for name, source in FOLDERS.items():
        copied = subprocess.run(
            ["docker", "cp", f"{container.id}:{source}", str(folder / name)], check=False, capture_output=True
        )
        if copied.returncode == 0:
            subprocess.run(["chmod", "-R", "a+rX", str(folder / name)], check=True)


def install(package: str, container: Container, folder: Path) -> None:
    """Install a package for a container's Python into a folder."""
    version = container.exec_run(["python3", "-c", "import platform; print(platform.python_version())"]).output
    assert isinstance(version, bytes)
    wheel = ("--only-binary=:all:", "--python-version", version.decode().strip())
    pip = [sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-deps", *wheel]
    subprocess.run([*pip, "--target", str(folder), package], check=True)
    subprocess.run(["chmod", "-R", "a+rX", str(folder)], check=True)


@contextmanager
def created(project: Project, variant: Variant) -> Iterator[Container]:
    """Make a copy of the project's replica; it is removed at the end. It is not started yet."""
    replica = project.container(REPLICA)
    attributes = replica.attrs
    config, host = attributes["Config"], attributes["HostConfig"]
    folder = Path(tempfile.mkdtemp(prefix="beside-"))
    with ExitStack() as stack:
        stack.callback(shutil.rmtree, folder)
        copy_files(replica, folder)
        if variant.package:
            install(variant.package, replica, folder / "opt")
        file = folder / "etc" / "config.yaml"
        file.write_text(yaml.safe_dump(variant.config(yaml.safe_load(file.read_text())), sort_keys=False))
        secrets = secrets_of((folder / SECRETS_FILE).read_text())
        own = dict(each.split("=", 1) for each in config["Env"])
        first, *others = attributes["NetworkSettings"]["Networks"]
        engine = connect()
        copy = engine.containers.create(
            attributes["Image"],
            entrypoint=["sh", "-c", variant.command(config["Entrypoint"][-1])],
            environment=variant.environment(own) | (secrets if variant.secrets_in_environment else {}),
            user=config["User"], network=first,
            volumes=[f"{folder / name}:{target}:ro" for name, target in FOLDERS.items() if (folder / name).exists()],
            labels={STACK_LABEL: project.stack, WORKLOAD_LABEL: COPY},
            cap_drop=host["CapDrop"], security_opt=host["SecurityOpt"], read_only=host["ReadonlyRootfs"],
            tmpfs=host["Tmpfs"], mem_limit=host["Memory"], init=True, log_config=host["LogConfig"],
        )  # fmt: skip
        stack.callback(copy.remove, force=True)
        for network in others:
            engine.networks.get(network).connect(copy)
        yield copy


def url(container: Container) -> str:
    """Return LiteLLM's own address in a running container."""
    container.reload()
    networks = container.attrs["NetworkSettings"]["Networks"]
    front = next(network for name, network in networks.items() if "front" in name)
    return f"http://{front['IPAddress']}:{PORT}"


def start(container: Container) -> float:
    """Start a copy; return the seconds until it is ready."""
    begin = time.monotonic()
    container.start()
    wait_until(lambda: ready(container), START_SECONDS, pause=0.1)
    return time.monotonic() - begin


def ready(container: Container) -> bool:
    """Return whether LiteLLM answers in the container.

    Raises:
        AssertionError: with its log, when it has ended.
    """
    address = url(container)
    assert container.status == "running", container.logs(tail=20).decode(errors="replace")
    with suppress(httpx.TransportError):
        return httpx.get(f"{address}/health/readiness", timeout=5).is_success
    return False
