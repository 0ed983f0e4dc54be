"""The moment at which a replica's process exits: requests that were in it then may be lost."""

import os
import select
import time
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager

from docker.models.containers import Container

LATE_SECONDS = 0.05
"""The exit may be noticed so much later than the process's connections were closed, on a busy machine."""
EXIT_TIMEOUT = 60
"""Seconds for the process to exit."""


@contextmanager
def watched(container: Container) -> Iterator[Future[float]]:
    """Yield the moment (Unix time) at which the container's largest process exits, as a future.

    Raises:
        TimeoutError: from the future's result, when it did not exit.
    """
    process = os.pidfd_open(largest(container.top(ps_args="-o pid,rss")["Processes"]))
    try:
        with ThreadPoolExecutor(1) as pool:
            yield pool.submit(_end, process)
    finally:
        os.close(process)


def largest(processes: list[list[str]]) -> int:
    """Return the process that uses the most memory: LiteLLM itself, not the ones that start it."""
    return int(max(processes, key=lambda row: int(row[1]))[0])


def _end(process: int) -> float:
    if not select.select([process], [], [], EXIT_TIMEOUT)[0]:
        raise TimeoutError(f"the process did not exit within {EXIT_TIMEOUT} s")
    return time.time()
