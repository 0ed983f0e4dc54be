"""The moment a replica ends, as the kernel tells it: what was in it then is all that its end may lose."""

import os
import select
import time
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager

from docker.models.containers import Container

LATE = 0.05
"""Seconds by which the kernel's word may come after the process's connections closed, on a busy machine."""
PATIENCE = 60
"""Seconds after which there was no end."""


@contextmanager
def watched(container: Container) -> Iterator[Future[float]]:
    """Give the moment, in seconds since 1970, in which the container's largest process ends while the body runs.

    Raises:
        TimeoutError: from the future's result, when it did not end.
    """
    process = os.pidfd_open(largest(container.top(ps_args="-o pid,rss")["Processes"]))
    try:
        with ThreadPoolExecutor(1) as pool:
            yield pool.submit(_end, process)
    finally:
        os.close(process)


def largest(processes: list[list[str]]) -> int:
    """Give the process that holds the most memory: LiteLLM, beside those that start it."""
    return int(max(processes, key=lambda row: int(row[1]))[0])


def _end(process: int) -> float:
    if not select.select([process], [], [], PATIENCE)[0]:
        raise TimeoutError(f"the process did not end within {PATIENCE} s")
    return time.time()
