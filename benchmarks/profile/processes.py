"""The processes of a container, and their processor time."""

import os
from contextlib import suppress
from pathlib import Path

from docker.models.containers import Container

PYTHON, QUERY_ENGINE = "python", "query-engine"
"""In the names of programs: LiteLLM's workers, and the process beside each that Prisma's client asks."""
USER_TIME, SYSTEM_TIME = 11, 12
"""Fields of a process's statistics after its name (proc(5))."""


def processes(container: Container, program: str) -> list[int]:
    """Return the processes whose program has such a name, by their ids on this machine."""
    top = container.top(ps_args="-eo pid,args")
    return [int(pid) for pid, command in top["Processes"] if program in command.split()[0]]


def processor_seconds(container: Container, program: str) -> float:
    """Return what these processes have used since they started, in seconds."""
    used = 0.0
    for pid in processes(container, program):
        # It may have ended since.
        with suppress(FileNotFoundError, ProcessLookupError):
            used += seconds(Path(f"/proc/{pid}/stat").read_text())
    return used


def seconds(statistics: str) -> float:
    """Return a process's processor time by the text of /proc/PID/stat."""
    fields = statistics.rpartition(")")[2].split()
    return (int(fields[USER_TIME]) + int(fields[SYSTEM_TIME])) / os.sysconf("SC_CLK_TCK")
