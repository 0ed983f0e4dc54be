"""A running pod of a part."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import BinaryIO

from components.engine.kubernetes.cluster.client import Cluster, ClusterError, Connection
from ops.errors import OperationError
from ops.stack.engines.part import command_failed

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
                running.write_stdin(piece)
            self._finish(running, lambda _: None, "tar")

    def _finish(self, running: Connection, take: Callable[[bytes], object], name: str) -> None:
        errors, heard = bytearray(), time.monotonic()
        while running.is_open():
            running.update(timeout=POLL_SECONDS)
            out, error = running.read_stdout(timeout=0), running.read_stderr(timeout=0)
            errors += error
            if out:
                take(out)
            if out or error:
                heard = time.monotonic()
            elif time.monotonic() - heard > self.silence:
                raise OperationError(f"{name} wrote nothing for {self.silence} s in pod {self.pod}")
        if running.returncode:
            raise command_failed(name, bytes(errors))

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
