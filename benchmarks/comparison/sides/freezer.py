"""Freezes a container's processes where they are, and lets them go on."""

import time

from docker.errors import APIError
from docker.models.containers import Container

ATTEMPTS, PAUSE_SECONDS = 5, 1
"""The kernel may need more than the engine's patience to freeze a container on a busy machine."""


def freeze(container: Container) -> None:
    """Freeze a running container; any other stays as it is.

    Raises:
        docker.errors.APIError: when it does not freeze after ATTEMPTS.
    """
    for attempt in range(1, ATTEMPTS + 1):
        container.reload()
        if container.status != "running":
            return
        try:
            container.pause()
        except APIError:
            if attempt == ATTEMPTS:
                raise
            time.sleep(PAUSE_SECONDS)


def resume(container: Container) -> None:
    """Let a frozen container go on; any other stays as it is."""
    container.reload()
    if container.status == "paused":
        container.unpause()
