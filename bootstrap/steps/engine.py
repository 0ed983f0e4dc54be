"""The Docker engine: used as it is when it answers, else started, else installed and started."""

import subprocess
import time
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import docker
from docker.errors import DockerException

from bootstrap.errors import BootstrapError, StepError
from bootstrap.execution.shell import Shell
from bootstrap.execution.step import Action, Lane, Step
from bootstrap.machine import EngineState, Machine
from bootstrap.steps.apt import apt_install
from components.engine.connection import client as engine_client

LOG = Path("/var/log/dockerd.log")
START_TIMEOUT_SECONDS = 60
DOCKER_CLI_APART = {("debian", "trixie"), ("debian", "forky")}
"""Releases whose package docker.io holds no `docker` command."""
BUILD_TIMEOUT_SECONDS = 600
"""Time for one answer while an image is built or imported."""


def connect() -> closing[docker.DockerClient]:
    """Open a client of the engine for work that takes minutes.

    Raises:
        DockerException: when it does not answer.
    """
    return closing(engine_client.connect(BUILD_TIMEOUT_SECONDS))


def answers() -> bool:
    """Return whether the engine answers."""
    try:
        with connect() as client:
            return bool(client.ping())
    except DockerException:
        return False


@dataclass(frozen=True)
class StartEngine:
    """Start the installed engine and wait until it answers."""

    systemd: bool
    """Whether systemd runs it; else it runs in its own session, with its log in /var/log/dockerd.log."""

    def run(self, shell: Shell) -> None:
        """Start it unless it answers: where systemd runs, installing the package has started it.

        Raises:
            StepError: when it does not answer within a minute.
        """
        if answers():
            return
        if self.systemd:
            shell.run(("systemctl", "enable", "--now", "docker"), {}, Path("/"))
        else:
            with LOG.open("ab") as log:
                subprocess.Popen(
                    ("dockerd",),
                    cwd="/",
                    stdin=subprocess.DEVNULL,
                    stdout=log,
                    stderr=subprocess.STDOUT,
                    start_new_session=True,
                )
        deadline = time.monotonic() + START_TIMEOUT_SECONDS
        while not answers():
            shell.check()
            if time.monotonic() > deadline:
                where = "journalctl -u docker" if self.systemd else str(LOG)
                raise StepError(
                    f"the Docker engine did not answer within {START_TIMEOUT_SECONDS} s of its start: see {where}"
                )
            time.sleep(0.5)

    def __str__(self) -> str:
        return "systemctl enable --now docker" if self.systemd else f"setsid dockerd >>{LOG}"


def engine_steps(machine: Machine) -> list[Step]:
    """Return the steps after which the Docker engine answers; none when it does.

    Raises:
        BootstrapError: when bootstrap can neither start nor install it.
    """
    if machine.engine is EngineState.ANSWERS:
        return []
    if machine.refusal:
        raise BootstrapError(machine.refusal)
    if machine.engine is EngineState.DENIED:
        raise BootstrapError(
            "this user may not use the Docker engine: add it to the group docker "
            "(sudo usermod -aG docker $USER, then log in again) or run bootstrap/run as root"
        )
    if not machine.endpoint.is_default:
        raise BootstrapError(
            f"{machine.endpoint.origin} names {machine.endpoint.host}, which does not answer: "
            "start that engine, or name another"
        )
    start = _step("engine-start", "no Docker engine answers", StartEngine(machine.systemd))
    if machine.engine is EngineState.STOPPED:
        if not machine.root:
            raise BootstrapError("the Docker engine is installed but stopped: start it (sudo systemctl start docker)")
        return [start]
    if not machine.root:
        raise BootstrapError("no Docker engine answers, and installing one needs root: run bootstrap/run as root once")
    if not machine.debian_like:
        raise BootstrapError("no Docker engine answers: install Docker Engine (https://docs.docker.com/engine/install)")
    cli = ("docker-cli",) if (machine.distribution, machine.release) in DOCKER_CLI_APART else ()
    install = _step("engine", "no Docker engine is installed", *apt_install("docker.io", "iptables", *cli))
    return [install, start]


def _step(name: str, reason: str, *actions: Action) -> Step:
    return Step(name, reason, Lane.DOCKER, actions)
