"""An update that is killed: Pulumi, its plugins and the program at once, as a machine that loses power would."""

import os
import signal
import subprocess
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from tests.e2e.project import Project

SESSION = 3
"""Place of the session's id behind the command in /proc/PID/stat."""


@dataclass(frozen=True)
class Killed:
    """How far an update had come."""

    alive: bool
    """Whether it was still at work."""
    last_line: str
    """What Pulumi said last."""


def kill_update(gateway: Project, when: Callable[[float, str], bool]) -> Killed:
    """Begin an update and kill it as soon as `when` says so of the seconds that it has run and of what it has said."""
    log = gateway.folder / "killed.log"
    with log.open("w") as output:
        begin = time.monotonic()
        update = subprocess.Popen(
            ["pulumi", "up", "--yes", "--skip-preview", "--stack", gateway.stack, "--non-interactive", "--color=never"],
            cwd=gateway.folder, env=gateway.environment, stdout=output, stderr=output, start_new_session=True,
        )  # fmt: skip
        while update.poll() is None and not when(time.monotonic() - begin, log.read_text()):
            time.sleep(0.05)
        alive = update.poll() is None
        kill_session(update.pid)
        update.wait()
    said = [line.strip() for line in log.read_text().splitlines() if line.strip()] or ["nothing"]
    return Killed(alive, " ".join(said[-1].split()))


def kill_session(session: int) -> None:
    """Kill a process and all that it began; plugins have process groups of their own, so the session tells."""
    while members := [process for process in _processes() if _session(process) == session]:
        for process in members:
            try:
                os.kill(process, signal.SIGKILL)
            except ProcessLookupError:
                continue
        time.sleep(0.02)


def _processes() -> list[int]:
    return [int(entry.name) for entry in Path("/proc").iterdir() if entry.name.isdigit()]


def _session(process: int) -> int | None:
    """Tell which session a process belongs to; None where it is gone or only waits to be reaped."""
    try:
        state, *rest = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    except (OSError, ValueError):
        return None
    return None if state == "Z" else int(rest[SESSION - 1])
