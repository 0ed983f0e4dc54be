"""py-spy on the processes of a replica. It needs root, as a container's processes are another user's."""

import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from docker.models.containers import Container

from benchmarks.profile.stacks import Stack, stacks

RATE = 100
"""Samples a second. Each stops the process for a moment."""
PYTHON = "python"
END_SECONDS = 60


def processes(container: Container) -> list[int]:
    """Return the Python processes of a container, by their ids on this machine."""
    top = container.top(ps_args="-eo pid,args")
    return [int(pid) for pid, command in top["Processes"] if PYTHON in command.split()[0]]


@contextmanager
def sampled(container: Container, seconds: int) -> Iterator[list[Stack]]:
    """Sample a container's Python processes beside the body; afterwards the list has their stacks.

    Only calls that hold Python's lock are counted: others wait, or work outside of Python.

    Raises:
        RuntimeError: with what py-spy says, when it cannot read a process.
    """
    found: list[Stack] = []
    folder = Path(tempfile.mkdtemp(prefix="profile-"))
    try:
        running = [(folder / f"{pid}", _start(pid, seconds, folder / f"{pid}")) for pid in processes(container)]
        yield found
        for file, process in running:
            _, error = process.communicate(timeout=seconds + END_SECONDS)
            if process.returncode:
                raise RuntimeError(f"py-spy: {error.strip()}")
            found += stacks(file.read_text().splitlines())
    finally:
        shutil.rmtree(folder)


def _start(pid: int, seconds: int, file: Path) -> subprocess.Popen[str]:
    program = Path(sys.executable).with_name("py-spy")
    options = [
        "--pid",
        str(pid),
        "--duration",
        str(seconds),
        "--rate",
        str(RATE),
        "--format",
        "raw",
        "--output",
        str(file),
    ]
    return subprocess.Popen(
        [str(program), "record", *options, "--gil", "--full-filenames"],
        text=True, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE,
    )  # fmt: skip
