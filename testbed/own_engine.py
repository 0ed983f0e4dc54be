"""A Docker engine of the tests' own, for what would harm others on the machine's engine. It needs root.

It has a network namespace of its own, in which the calling process works meanwhile: there the ports of its containers
are on 127.0.0.1, and its rules do not touch those of the machine's engine.
"""

import ctypes
import os
import shutil
import subprocess
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import docker

START_SECONDS = 60
STOP_SECONDS = 60
CLONE_NEWNET = 0x40000000
PREPARE = "ip link set lo up && mount -t tmpfs tmpfs /run/docker && exec dockerd"
"""Shell: what the namespaces need, then the engine with the arguments that follow."""


@contextmanager
def own_engine(folder: Path) -> Iterator[str]:
    """Run an engine whose data is in the folder; yield its address, which `DOCKER_HOST` names meanwhile.

    Everything in it ends with it.
    """
    socket = folder / "docker.sock"
    options = {
        "host": f"unix://{socket}",
        "data-root": folder / "data",
        "exec-root": folder / "exec",
        "pidfile": folder / "docker.pid",
        "cgroup-parent": f"/{folder.name}",
    }
    arguments = [f"--{name}={value}" for name, value in options.items()]
    with (folder / "dockerd.log").open("w") as log:
        # The engine ends with the tests, however they end. A session of its own: Ctrl-C ends its containers first.
        alone = ["setpriv", "--pdeathsig=TERM", "unshare", "--net", "--mount"]
        command = [*alone, "sh", "-c", f'{PREPARE} "$@"', "dockerd", *arguments]
        with subprocess.Popen(command, stdout=log, stderr=subprocess.STDOUT, start_new_session=True) as daemon:
            before = os.environ.get("DOCKER_HOST")
            try:
                engine = _connected(str(options["host"]), daemon, folder / "dockerd.log")
                os.environ["DOCKER_HOST"] = str(options["host"])
                with _network_of(daemon.pid):
                    yield str(options["host"])
                for container in engine.containers.list(all=True):
                    container.remove(force=True, v=True)
            finally:
                _restore("DOCKER_HOST", before)
                daemon.terminate()
                daemon.wait(STOP_SECONDS)
    shutil.rmtree(folder)


def copy_images(references: Sequence[str], source: str, target: str) -> None:
    """Load images of one engine into another; both are addresses as `DOCKER_HOST` has them.

    The first one pulls those that it lacks: the other reaches nothing from its network.
    """
    for reference in references:
        inspect = ["docker", "--host", source, "image", "inspect", reference]
        if subprocess.run(inspect, check=False, capture_output=True).returncode:
            subprocess.run(["docker", "--host", source, "pull", "--quiet", reference], check=True)
    save = ["docker", "--host", source, "save", *references]
    with subprocess.Popen(save, stdout=subprocess.PIPE) as saved:
        subprocess.run(["docker", "--host", target, "load"], stdin=saved.stdout, check=True, stdout=subprocess.DEVNULL)


def _connected(host: str, daemon: subprocess.Popen[bytes], log: Path) -> docker.DockerClient:
    give_up = time.monotonic() + START_SECONDS
    while True:
        try:
            engine = docker.DockerClient(host, timeout=600)
            engine.ping()
        except (docker.errors.DockerException, OSError):
            assert daemon.poll() is None, log.read_text()
            assert time.monotonic() < give_up, log.read_text()
            time.sleep(0.5)
        else:
            return engine


@contextmanager
def _network_of(process: int) -> Iterator[None]:
    """Be in another process's network for a while."""
    with Path("/proc/self/ns/net").open("rb") as own, Path(f"/proc/{process}/ns/net").open("rb") as other:
        _set_network(other.fileno())
        try:
            yield
        finally:
            _set_network(own.fileno())


def _set_network(descriptor: int) -> None:
    """Move this thread, and all that it starts from now on, into a network namespace."""
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.setns(descriptor, CLONE_NEWNET):
        raise OSError(ctypes.get_errno(), "setns")


def _restore(variable: str, value: str | None) -> None:
    if value is None:
        os.environ.pop(variable, None)
    else:
        os.environ[variable] = value
