"""Runs commands for one step: output into the step's log, ended when another lane has failed."""

import os
import signal
import subprocess
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TextIO

from bootstrap.project import ROOT


class Failure(Exception):
    """A step cannot be done; the message is one sentence for the user."""


class Cancelled(Failure):
    """Stopped because another lane failed or the user interrupted."""


@dataclass
class Shell:
    """One step's hands."""

    log: TextIO
    cancelled: threading.Event

    def write(self, text: str) -> None:
        """Add to the step's log at once, and stop here when the run is cancelled."""
        self.log.write(text)
        self.log.flush()
        self.check()

    def check(self) -> None:
        """Raise Cancelled when the run is cancelled."""
        if self.cancelled.is_set():
            raise Cancelled("stopped")

    def run(self, argv: Sequence[str], environment: Mapping[str, str], directory: Path) -> None:
        """Run a command to its end in a process group of its own.

        Raises:
            Failure: when it is missing or exits non-zero.
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
            raise Failure(f"{argv[0]} did not start: {error.strerror}") from error
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
            raise Failure(f"`{' '.join(argv)}` exited with status {code}")


@dataclass(frozen=True)
class Command:
    """A command of a plan, as data."""

    argv: tuple[str, ...]
    environment: tuple[tuple[str, str], ...] = ()
    directory: str = field(default=".")
    """Relative to the checkout."""

    def run(self, shell: Shell) -> None:
        """Run it to its end."""
        shell.run(self.argv, dict(self.environment), ROOT / self.directory)

    def __str__(self) -> str:
        return " ".join(self.argv)
