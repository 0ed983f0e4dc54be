"""Processor time of a container's processes. Those of its query engines are no Python, so py-spy does not see them."""

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from docker.models.containers import Container

QUERY_ENGINE = "query-engine"
"""The process beside each worker that Prisma's client asks, as the kernel shortens its name (proc(5), "comm")."""
USER_TIME, SYSTEM_TIME = 11, 12
"""Fields of a process's statistics after its name (proc(5))."""
PROC = Path("/proc")


@dataclass
class Spent:
    """The seconds that processes used; known at the end."""

    seconds: float = 0


def statistics(text: str) -> tuple[str, float]:
    """Return a process's name and its seconds so far, by the text of /proc/PID/stat."""
    begin, _, end = text.rpartition(")")
    fields = end.split()
    ticks = int(fields[USER_TIME]) + int(fields[SYSTEM_TIME])
    return begin.partition("(")[2], ticks / os.sysconf("SC_CLK_TCK")


def seconds_of(container: Container, name: str) -> dict[int, float]:
    """Return the seconds that each process of this name has used so far: its id on this machine → seconds."""
    found = {}
    for pid, *_ in container.top(ps_args="-eo pid,args")["Processes"]:
        # A process may have ended since.
        with suppress(FileNotFoundError, ProcessLookupError):
            own_name, seconds = statistics((PROC / pid / "stat").read_text())
            if own_name.startswith(name):
                found[int(pid)] = seconds
    return found


@contextmanager
def spent_by(container: Container, name: str) -> Iterator[Spent]:
    """Measure what the processes of this name use while the body runs."""
    found, before = Spent(), seconds_of(container, name)
    yield found
    found.seconds = sum(seconds - before.get(pid, 0) for pid, seconds in seconds_of(container, name).items())
