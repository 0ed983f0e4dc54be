"""A second Docker engine of this machine, in a network namespace, with its own socket, images and cgroup."""

import os
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import docker

NAMESPACE = "gateway-hosts"
COMMAND = """
set -e
mount -t tmpfs tmpfs /run/docker
ip link set lo up
exec dockerd --data-root "$0/data" --exec-root "$0/run" --host "unix://$0/docker.sock" --pidfile "$0/pid" \
  --cgroup-parent /gateway-hosts --log-level error
"""
START_TIMEOUT_SECONDS = 60


@dataclass(frozen=True)
class SecondEngine:
    """An engine that runs."""

    folder: Path

    @property
    def host(self) -> str:
        """Its address, as DOCKER_HOST has it."""
        return f"unix://{self.folder}/docker.sock"

    @property
    def client(self) -> docker.DockerClient:
        """A client of it."""
        return docker.DockerClient(base_url=self.host, timeout=60)


@contextmanager
def second_engine(folder: Path) -> Iterator[SecondEngine]:
    """Start the engine in a folder with a short path; it ends with the body, and so does all that it runs."""
    engine = SecondEngine(folder)
    Path("/run/docker").mkdir(exist_ok=True)
    subprocess.run(["ip", "netns", "delete", NAMESPACE], check=False, capture_output=True)
    subprocess.run(["ip", "netns", "add", NAMESPACE], check=True)
    log = (folder / "log").open("w")
    # `ip netns exec` would hide the cgroups.
    command = ["nsenter", f"--net=/run/netns/{NAMESPACE}", "unshare", "--mount", "sh", "-c", COMMAND, str(folder)]
    daemon = subprocess.Popen(command, stdout=log, stderr=log, start_new_session=True)
    try:
        _wait(engine, daemon)
        yield engine
    finally:
        daemon.send_signal(signal.SIGTERM)
        try:
            daemon.wait(timeout=60)
        except subprocess.TimeoutExpired:
            os.killpg(daemon.pid, signal.SIGKILL)
            daemon.wait()
        log.close()
        subprocess.run(["ip", "netns", "delete", NAMESPACE], check=True)


def _wait(engine: SecondEngine, daemon: "subprocess.Popen[bytes]") -> None:
    deadline = time.monotonic() + START_TIMEOUT_SECONDS
    while True:
        try:
            engine.client.ping()
        except docker.errors.DockerException:
            assert daemon.poll() is None, (engine.folder / "log").read_text()
            assert time.monotonic() < deadline, (engine.folder / "log").read_text()
            time.sleep(0.5)
        else:
            return
