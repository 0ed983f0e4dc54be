"""Long-running programs of the cluster, each with a log of its own."""

import os
import signal
import subprocess
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

STOP_SECONDS = 10


class Processes:
    """Programs by name. Each leads a process group, which is killed as one."""

    def __init__(self, logs: Path) -> None:
        """Start nothing yet; `logs` is a folder."""
        logs.mkdir(parents=True, exist_ok=True)
        self._logs = logs
        self._running: dict[str, subprocess.Popen[bytes]] = {}

    def start(self, name: str, command: Sequence[str]) -> None:
        """Start a program; its output goes into its log."""
        with (self._logs / f"{name}.log").open("ab") as log:
            self._running[name] = subprocess.Popen(
                command, stdin=subprocess.DEVNULL, stdout=log, stderr=subprocess.STDOUT, start_new_session=True
            )

    def pid(self, name: str) -> int:
        """Return the process id of a program."""
        return self._running[name].pid

    def kill(self, name: str) -> None:
        """Kill a program and all that it started, without a chance to clean up."""
        process = self._running.pop(name)
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait(STOP_SECONDS)

    def kill_all(self) -> None:
        """Kill everything, the last that was started first."""
        for name in reversed(list(self._running)):
            self.kill(name)

    def log(self, name: str, lines: int = 20) -> str:
        """Return the end of a program's log."""
        return "\n".join((self._logs / f"{name}.log").read_text(errors="replace").splitlines()[-lines:])
