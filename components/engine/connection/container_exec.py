"""A command in a running container, given up when it is silent for too long. docker-py's own reading waits for ever."""

import os
import select
import struct
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing

from docker.models.containers import Container
from docker.utils.socket import STDOUT

FRAME_HEADER = struct.Struct(">BxxxL")
"""The stream of a piece, and its bytes
(https://docs.docker.com/reference/api/engine/version/v1.51/#tag/Container/operation/ContainerAttach)."""


class ExecCutOff(ConnectionError):
    """The connection ended while the command ran."""


def run_in_container(
    container: Container,
    command: Sequence[str],
    take: Callable[[bytes], object],
    take_error: Callable[[bytes], object],
    silence: float,
) -> int:
    """Run a command, hand on what it writes piece by piece, and return its exit code.

    Args:
        container: where.
        command: program and arguments.
        take: gets standard output.
        take_error: gets standard error.
        silence: longest time without output, in seconds. The command itself is not ended.

    Raises:
        TimeoutError: if it was silent for longer.
        ExecCutOff: if the connection ended before the command did.
        DockerException: if the engine refuses, or does not answer.
    """
    api = container.client.api  # type: ignore[union-attr]
    started = api.exec_create(container.id, list(command))["Id"]
    with closing(api.exec_start(started, socket=True)) as stream:
        # A unix socket, as each engine of `find_endpoint`.
        for number, piece in frames(stream.fileno(), silence):  # type: ignore[union-attr]
            (take if number == STDOUT else take_error)(piece)
    status = api.exec_inspect(started)["ExitCode"]
    if status is None:
        raise ExecCutOff(f"the connection to {container.name} ended while {command[0]} ran there")
    return int(status)


def frames(source: int, silence: float) -> Iterator[tuple[int, bytes]]:
    """Yield what a command writes, each piece with its stream, from the descriptor of its connection.

    Raises:
        TimeoutError: if nothing comes for `silence` seconds.
    """
    while len(header := _read(source, FRAME_HEADER.size, silence)) == FRAME_HEADER.size:
        number, size = FRAME_HEADER.unpack(header)
        yield number, _read(source, size, silence)


def _read(source: int, size: int, silence: float) -> bytes:
    """Return so many bytes; fewer where the connection ends."""
    found = bytearray()
    poll = select.poll()
    poll.register(source, select.POLLIN)
    while len(found) < size:
        if not poll.poll(silence * 1000):
            raise TimeoutError(f"nothing was written for {silence:g} s")
        if not (piece := os.read(source, size - len(found))):
            break
        found += piece
    return bytes(found)
