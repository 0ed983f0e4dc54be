"""A part that runs, as commands see it: where they run programs of this project."""

from collections.abc import Callable
from typing import BinaryIO, Protocol

from ops.errors import OperationError


class CommandFailed(OperationError):
    """A command that ended with an error."""

    def __init__(self, name: str, reason: str) -> None:
        """Keep its own reason; one that was killed gives none."""
        super().__init__(f"{name} failed: {reason or 'it gave no reason'}")
        self.reason = reason


class RunningPart(Protocol):
    """A container or a pod."""

    def run(self, take: Callable[[bytes], object], *command: str, name: str = "") -> None:
        """Run a command and hand its output to `take` piece by piece.

        Args:
            take: gets standard output.
            command: program and arguments.
            name: of the command in an error; default: its last argument.

        Raises:
            OperationError: if it fails, with the last line of its standard error, or if nothing is heard of it any
                more.
        """

    def put(self, folder: str, archive: BinaryIO, size: int) -> None:
        """Unpack a tar archive in a folder.

        Args:
            folder: where.
            archive: the archive, read from where it stands.
            size: its bytes.

        Raises:
            OperationError: if it fails.
        """


def command_failed(name: str, errors: bytes) -> CommandFailed:
    """Return the error of a command that failed; `errors` is what it wrote to standard error."""
    *_, last = ["", *errors.decode(errors="replace").strip().splitlines()]
    return CommandFailed(name.rpartition("/")[2], last)


def command_silent(name: str, silence: int, place: str) -> OperationError:
    """Return the error of a command that wrote nothing for `silence` seconds in a container or pod."""
    return OperationError(f"{name.rpartition('/')[2]} wrote nothing for {silence} s in {place}")


def command_cut_off(name: str, place: str) -> OperationError:
    """Return the error of a command whose connection ended before it did."""
    return OperationError(f"the connection to {place} ended while {name.rpartition('/')[2]} ran there")
