"""One test run at a time on this machine's Docker engine. What an interrupted run left is removed first."""

import fcntl
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO

from components.engine.connection.client import connect

LOCK = Path(tempfile.gettempdir()) / "gateway-tests.lock"
"""Locked while a run lasts. The kernel unlocks it, however the run ends."""
_HELD: list[str] = []
"""Stacks of this process: it may have several at once."""


@contextmanager
def exclusive(stack: str) -> Iterator[None]:
    """Wait until no other run uses the engine, then remove what an earlier run left of this test stack."""
    with LOCK.open("a") as file:
        if not _HELD:
            _lock(file)
        _HELD.append(stack)
        remove(stack)
        try:
            yield
        finally:
            _HELD.remove(stack)


def _lock(file: TextIO) -> None:
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        print(f"another test run holds {LOCK}: waiting for its end", file=sys.__stderr__, flush=True)
        fcntl.flock(file, fcntl.LOCK_EX)


def remove(stack: str) -> None:
    """Remove a test stack's containers, networks and volumes without Pulumi."""
    engine = connect()
    filters: dict[str, str | list[str] | bool] = {"label": f"gateway.stack={stack}"}
    for container in engine.containers.list(all=True, filters=filters):
        container.remove(force=True, v=True)
    for network in engine.networks.list(filters=filters):
        network.remove()
    for volume in engine.volumes.list(filters=filters):
        volume.remove(force=True)
