"""The Docker engine of this machine: asked, and started where nothing answers."""

import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import docker
from docker.errors import DockerException

from bootstrap.shell import Failure, Shell

LOG = Path("/var/log/dockerd.log")
PATIENCE_SECONDS = 60


@contextmanager
def connect() -> Iterator[docker.DockerClient]:
    """Give a client of DOCKER_HOST's or the local engine.

    Raises:
        DockerException: when it does not answer.
    """
    client = docker.from_env(timeout=600)
    try:
        yield client
    finally:
        client.close()


def answers() -> bool:
    """Whether the engine answers now."""
    try:
        with connect() as client:
            return bool(client.ping())
    except DockerException:
        return False


@dataclass(frozen=True)
class StartEngine:
    """Start the installed engine and wait until it answers."""

    systemd: bool
    """Through systemd; else as a session of its own that outlives bootstrap, with its log in /var/log/dockerd.log."""

    def run(self, shell: Shell) -> None:
        """Start it unless it answers already: installing the package starts it where systemd runs."""
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
        deadline = time.monotonic() + PATIENCE_SECONDS
        while not answers():
            shell.check()
            if time.monotonic() > deadline:
                where = "journalctl -u docker" if self.systemd else str(LOG)
                raise Failure(f"the Docker engine did not answer within {PATIENCE_SECONDS} s of its start: see {where}")
            time.sleep(0.5)

    def __str__(self) -> str:
        return "systemctl enable --now docker" if self.systemd else f"setsid dockerd >>{LOG}"
