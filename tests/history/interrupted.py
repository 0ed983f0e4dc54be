"""An update that is killed as by a power failure: Pulumi, its plugins and the program at once."""

import os
import signal
import subprocess
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from testbed.project import Project

SESSION = 3
"""Position of the session's id after the command in /proc/PID/stat."""


@dataclass(frozen=True)
class Killed:
    """How far an update came."""

    alive: bool
    """Whether it was still running."""
    last_line: str
    """The last line that Pulumi printed."""


def kill_update(gateway: Project, when: Callable[[float, str], bool]) -> Killed:
    """Begin an update; kill it when `when` is true of its seconds so far and of its output so far."""
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
    """Kill all processes of a session. Plugins have their own process groups, but the same session."""
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
    """Return the session of a process; None when it has ended."""
    try:
        state, *rest = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    except (OSError, ValueError):
        return None
    return None if state == "Z" else int(rest[SESSION - 1])
