"""A running container of a part."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import BinaryIO

from docker.models.containers import Container

from ops.stack.engines.part import command_failed


@dataclass(frozen=True)
class DockerPart:
    """One container; see RunningPart."""

    container: Container

    def run(self, take: Callable[[bytes], object], *command: str, name: str = "") -> None:
        """Run a command and hand its output to `take` piece by piece."""
        api = self.container.client.api  # type: ignore[union-attr]
        started = api.exec_create(self.container.id, list(command))["Id"]
        errors = bytearray()
        for out, error in api.exec_start(started, stream=True, demux=True):
            if out:
                take(out)
            errors += error or b""
        if api.exec_inspect(started)["ExitCode"]:
            raise command_failed(name or command[-1], bytes(errors))

    def put(self, folder: str, archive: BinaryIO, size: int) -> None:  # noqa: ARG002 - the archive says where it ends
        """Unpack a tar archive in a folder."""
        self.container.put_archive(folder, archive)
