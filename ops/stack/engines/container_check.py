"""A container's own health check, and running it for as long as it may take."""

from collections.abc import Mapping, Sequence
from typing import Any

from docker.models.containers import Container

from components.engine.connection.container_exec import run_in_container

NANOSECONDS = 10**9
DEFAULT_TIMEOUT_SECONDS = 30.0
"""Docker's own, for a check without one."""
LATE_SECONDS = 2
"""For the end of a check that `timeout` stops."""
STOPPED = (124, 143)
"""Exit codes of GNU's and BusyBox's `timeout` for a command that it stopped."""
NOT_STARTED = (126, 127)
"""Exit codes of a program that cannot be run, or is not there."""


def run_check(container: Container, command: Sequence[str], limit: float) -> tuple[int, bytes]:
    """Run a check; return its exit code and what it wrote.

    `timeout` ends one that hangs: the engine would let it run on, and a watch would leave another one each time. An
    image may lack it.

    Raises:
        TimeoutError: if the check takes longer than `limit` seconds.
    """
    output = bytearray()
    limited = ["timeout", f"{limit:g}", *command]
    status = run_in_container(container, limited, output.extend, output.extend, limit + LATE_SECONDS)
    if status in STOPPED:
        raise TimeoutError
    if status in NOT_STARTED:
        output.clear()
        status = run_in_container(container, command, output.extend, output.extend, limit)
    return status, bytes(output)


def check_command(attributes: Mapping[str, Any]) -> Sequence[str]:
    """Return the command of a container's health check; empty if it has none."""
    match (attributes["Config"].get("Healthcheck") or {}).get("Test") or []:
        case ["CMD", *command]:
            return command
        case ["CMD-SHELL", line]:
            return ["/bin/sh", "-c", line]
    return []


def check_timeout(attributes: Mapping[str, Any]) -> float:
    """Return how long a container's health check may take, in seconds."""
    nanoseconds = (attributes["Config"].get("Healthcheck") or {}).get("Timeout") or 0
    return float(nanoseconds) / NANOSECONDS or DEFAULT_TIMEOUT_SECONDS
