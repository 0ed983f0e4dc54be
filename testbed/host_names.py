"""Host names that only this thread, and the processes and threads that it starts, can resolve."""

import ctypes
import os
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

MOUNT_NAMESPACE = 0x00020000
"""CLONE_NEWNS of clone(2)."""
HOSTS = Path("/etc/hosts")


@contextmanager
def resolved(addresses: Mapping[str, str], folder: Path) -> Iterator[None]:
    """Let names resolve to addresses. It needs root.

    Args:
        addresses: address of each name.
        folder: for the file that stands in for /etc/hosts, in a mount namespace of this thread's own.
    """
    lines = "".join(f"{address} {name}\n" for name, address in addresses.items())
    (folder / "hosts").write_text(HOSTS.read_text() + lines)
    here, before = Path.cwd(), os.open("/proc/thread-self/ns/mnt", os.O_RDONLY)
    library = ctypes.CDLL(None, use_errno=True)
    try:
        _succeed(library.unshare(MOUNT_NAMESPACE))
        subprocess.run(("mount", "--make-rprivate", "/"), check=True)
        subprocess.run(("mount", "--bind", str(folder / "hosts"), str(HOSTS)), check=True)
        yield
    finally:
        _succeed(library.setns(before, MOUNT_NAMESPACE))
        os.close(before)
        # The thread is now at the root of its old namespace.
        os.chdir(here)


def _succeed(result: int) -> None:
    if result:
        error = ctypes.get_errno()
        raise OSError(error, os.strerror(error))
