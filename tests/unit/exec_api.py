"""Stands in for the part of Docker's client that runs commands in containers."""

import io
import os
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

from docker.utils.socket import STDERR, STDOUT

from components.engine.connection.container_exec import FRAME_HEADER


@dataclass(frozen=True)
class Ended:
    """What a command writes, and how it ends."""

    out: bytes = b""
    error: bytes = b""
    status: int | None = 0
    """None: it still runs when the connection ends."""
    hangs: bool = False
    """Whether it neither ends nor writes any more."""

    def frames(self) -> Iterator[bytes]:
        """Yield it in pieces that end in the middle of a line, as the engine's do."""
        for number, text in ((STDOUT, self.out), (STDERR, self.error)):
            for at in range(0, len(text), 7):
                piece = text[at : at + 7]
                yield FRAME_HEADER.pack(number, len(piece)) + piece


@dataclass
class ExecApi:
    """Answers each command, and remembers it."""

    answer: Callable[[Sequence[str]], Ended]
    ran: list[list[str]] = field(default_factory=list)
    _ended: list[Ended] = field(default_factory=list)

    def exec_create(self, _: str, command: list[str]) -> dict[str, int]:
        self.ran.append(command)
        self._ended.append(self.answer(command))
        return {"Id": len(self._ended) - 1}

    def exec_start(self, started: int, *, socket: bool) -> io.FileIO:
        assert socket
        source, end = os.pipe()
        os.write(end, b"".join(self._ended[started].frames()))
        if not self._ended[started].hangs:
            os.close(end)
        return io.FileIO(source)

    def exec_inspect(self, started: int) -> dict[str, int | None]:
        return {"ExitCode": self._ended[started].status}
