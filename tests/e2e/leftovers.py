"""One test run at a time on this machine's engine; what an interrupted one left is removed before the next begins."""

import fcntl
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO

import docker

LOCK = Path(tempfile.gettempdir()) / "gateway-tests.lock"
"""Held while a run lasts; the kernel frees it, however the run ends."""
_HELD: list[str] = []
"""Stacks of this run: one that takes several folders of tests has several."""


@contextmanager
def alone(stack: str) -> Iterator[None]:
    """Wait until no other run holds the engine, then remove what is left of this test stack."""
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
    """Remove a test stack's containers, networks and volumes: its state went with the run that made them."""
    engine = docker.from_env()
    filters: dict[str, str | list[str] | bool] = {"label": f"gateway.stack={stack}"}
    for container in engine.containers.list(all=True, filters=filters):
        container.remove(force=True, v=True)
    for network in engine.networks.list(filters=filters):
        network.remove()
    for volume in engine.volumes.list(filters=filters):
        volume.remove(force=True)
