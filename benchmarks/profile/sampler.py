"""py-spy on the processes of a replica. It needs root, as a container's processes are another user's."""

import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from docker.models.containers import Container

from benchmarks.profile.processes import PYTHON, processes
from benchmarks.profile.stacks import Stack, stacks

RATE = 100
"""Samples a second. Each stops the process for a moment."""
END_SECONDS = 60


@contextmanager
def sampled(container: Container, seconds: int, found: list[Stack]) -> Iterator[None]:
    """Sample a container's Python processes beside the body; afterwards their stacks are in `found`.

    Only calls that hold Python's lock are counted: others wait, or work outside of Python.

    Raises:
        RuntimeError: with what py-spy says, when it cannot read a process.
    """
    running: dict[Path, subprocess.Popen[str]] = {}
    with tempfile.TemporaryDirectory(prefix="profile-") as folder:
        try:
            for pid in processes(container, PYTHON):
                file = Path(folder) / str(pid)
                running[file] = _start(pid, seconds, file)
            yield
            for file, process in running.items():
                _, error = process.communicate(timeout=seconds + END_SECONDS)
                if process.returncode:
                    raise RuntimeError(f"py-spy: {error.strip()}")
                found += stacks(file.read_text().splitlines())
        finally:
            for process in running.values():
                process.kill()


def _start(pid: int, seconds: int, file: Path) -> subprocess.Popen[str]:
    program = Path(sys.executable).with_name("py-spy")
    options = (f"--pid={pid}", f"--duration={seconds}", f"--rate={RATE}", f"--output={file}")
    return subprocess.Popen(
        [str(program), "record", *options, "--format=raw", "--gil", "--full-filenames"],
        text=True, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE,
    )  # fmt: skip
