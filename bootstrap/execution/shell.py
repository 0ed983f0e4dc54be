"""Runs the commands of one step, with their output in the step's log."""

import os
import signal
import subprocess
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TextIO

from bootstrap.errors import Cancelled, StepError
from bootstrap.project import ROOT


@dataclass
class Shell:
    """Where a step runs its commands and writes its log."""

    log: TextIO
    cancelled: threading.Event
    """Set when the other lane has failed: a running command is then ended."""

    def write(self, text: str) -> None:
        """Append to the log.

        Raises:
            Cancelled: when the run is cancelled.
        """
        self.log.write(text)
        self.log.flush()
        self.check()

    def check(self) -> None:
        """Raise Cancelled when the run is cancelled."""
        if self.cancelled.is_set():
            raise Cancelled("stopped")

    def run(self, argv: Sequence[str], environment: Mapping[str, str], directory: Path) -> None:
        """Run a command in its own process group and wait for its end.

        Raises:
            StepError: when it is missing or exits non-zero.
            Cancelled: when the run is cancelled meanwhile.
        """
        self.write(f"$ {' '.join(argv)}\n")
        try:
            process = subprocess.Popen(
                argv,
                cwd=directory,
                env={**os.environ, **environment},
                stdin=subprocess.DEVNULL,
                stdout=self.log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        except OSError as error:
            raise StepError(f"{argv[0]} did not start: {error.strerror}") from error
        while True:
            try:
                code = process.wait(timeout=0.2)
                break
            except subprocess.TimeoutExpired:
                if self.cancelled.is_set():
                    os.killpg(process.pid, signal.SIGTERM)
                    process.wait()
                    raise Cancelled("stopped") from None
        if code != 0:
            raise StepError(f"`{' '.join(argv)}` exited with status {code}")


@dataclass(frozen=True)
class Command:
    """A command, as data."""

    argv: tuple[str, ...]
    environment: tuple[tuple[str, str], ...] = ()
    """Variables that are added to bootstrap's own."""
    directory: str = field(default=".")
    """Relative to the checkout."""

    def run(self, shell: Shell) -> None:
        """Run the command and wait for its end."""
        shell.run(self.argv, dict(self.environment), ROOT / self.directory)

    def __str__(self) -> str:
        return " ".join(self.argv)
