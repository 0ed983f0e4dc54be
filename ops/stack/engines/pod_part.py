"""A running pod of a part."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import BinaryIO

from components.engine.kubernetes.cluster.client import CUT_OFF, Cluster, ClusterError, Connection
from ops.errors import OperationError
from ops.stack.engines.part import command_cut_off, command_failed, command_silent

PIECE = 2**16
POLL_SECONDS = 5
UNPACK = 'head -c "$1" | tar -xf - -C "$2"'
"""An open connection has no end of its input, so the size tells it."""


@dataclass(frozen=True)
class PodPart:
    """The first container of one pod; see RunningPart."""

    cluster: Cluster
    namespace: str
    pod: str
    container: str
    silence: int
    """Longest time without output, in seconds."""

    def run(self, take: Callable[[bytes], object], *command: str, name: str = "") -> None:
        """Run a command and hand its output to `take` piece by piece."""
        with self._started(command) as running:
            self._finish(running, take, name or command[-1])

    def put(self, folder: str, archive: BinaryIO, size: int) -> None:
        """Unpack a tar archive in a folder."""
        with self._started(("sh", "-c", UNPACK, "tar", str(size), folder), stdin=True) as running:
            while piece := archive.read(PIECE):
                with self._connected("tar"):
                    running.write_stdin(piece)
            self._finish(running, lambda _: None, "tar")

    def _finish(self, running: Connection, take: Callable[[bytes], object], name: str) -> None:
        errors, heard, is_open = bytearray(), time.monotonic(), True
        while is_open:
            # Once more after its end: what came last is read then.
            is_open = running.is_open()
            with self._connected(name):
                running.update(timeout=POLL_SECONDS)
                out, error = running.read_stdout(timeout=0), running.read_stderr(timeout=0)
            errors += error
            if out:
                take(out)
            if out or error:
                heard = time.monotonic()
            elif time.monotonic() - heard > self.silence:
                raise command_silent(name, self.silence, self._place)
        if self._exit_code(running, name):
            raise command_failed(name, bytes(errors))

    def _exit_code(self, running: Connection, name: str) -> int:
        try:
            return int(running.returncode)
        except ValueError as error:
            # The cluster did not start the command, and says why where the exit code would be.
            raise command_failed(name, str(error).encode()) from error
        except (TypeError, KeyError, IndexError) as error:
            # Without its last message the client finds no status.
            raise command_cut_off(name, self._place) from error

    @contextmanager
    def _connected(self, name: str) -> Iterator[None]:
        try:
            yield
        except CUT_OFF as error:
            raise command_cut_off(name, self._place) from error

    @property
    def _place(self) -> str:
        return f"pod {self.pod}"

    @contextmanager
    def _started(self, command: tuple[str, ...], *, stdin: bool = False) -> Iterator[Connection]:
        try:
            running = self.cluster.execute(self.namespace, self.pod, self.container, command, stdin=stdin)
        except ClusterError as error:
            raise OperationError(f"{self.pod}: {error}") from error
        try:
            yield running
        finally:
            running.close()
