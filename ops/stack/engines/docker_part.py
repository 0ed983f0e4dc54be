"""A running container of a part."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import BinaryIO

from docker.models.containers import Container

from components.engine.connection.container_exec import ExecCutOff, run_in_container
from ops.stack.engines.part import command_cut_off, command_failed, command_silent


@dataclass(frozen=True)
class DockerPart:
    """One container; see RunningPart."""

    container: Container
    silence: int
    """Longest time without output, in seconds."""

    def run(self, take: Callable[[bytes], object], *command: str, name: str = "") -> None:
        """Run a command and hand its output to `take` piece by piece."""
        errors, called, place = bytearray(), name or command[-1], f"container {self.container.name}"
        try:
            status = run_in_container(self.container, command, take, errors.extend, self.silence)
        except TimeoutError as error:
            raise command_silent(called, self.silence, place) from error
        except ExecCutOff as error:
            raise command_cut_off(called, place) from error
        if status:
            raise command_failed(called, bytes(errors))

    def put(self, folder: str, archive: BinaryIO, size: int) -> None:  # noqa: ARG002 - the archive says where it ends
        """Unpack a tar archive in a folder."""
        self.container.put_archive(folder, archive)
