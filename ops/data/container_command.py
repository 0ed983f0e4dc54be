"""Run a command in a running container."""

from collections.abc import Callable

from docker.models.containers import Container

from ops.errors import OperationError


def run_command(container: Container, take: Callable[[bytes], object], *command: str, name: str = "") -> None:
    """Run a command and hand its output to `take` piece by piece.

    Args:
        container: where.
        take: gets standard output.
        command: program and arguments.
        name: of the command in an error; default: its last argument.

    Raises:
        OperationError: if it fails, with the last line of its standard error.
    """
    api = container.client.api  # type: ignore[union-attr]
    started = api.exec_create(container.id, list(command))["Id"]
    errors = bytearray()
    for out, error in api.exec_start(started, stream=True, demux=True):
        if out:
            take(out)
        errors += error or b""
    if api.exec_inspect(started)["ExitCode"]:
        last = errors.decode(errors="replace").strip().splitlines()[-1:] or ["it gave no reason"]
        raise OperationError(f"{name or command[-1].rpartition('/')[2]} failed: {last[0]}")
