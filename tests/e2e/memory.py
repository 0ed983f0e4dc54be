"""Brings a container to its memory limit."""

from docker.models.containers import Container

from tests.hardening.replica import wait_for

ROOM = 64 * 2**20
"""Bytes left below the limit. Less than what the container's own processes hold, so the kernel kills one of those."""
HOG = "held = []\nwhile True: held.append(b'x' * 2**20)"


def exhaust(container: Container) -> None:
    """Take what memory is left; returns when Docker has started the container anew, with the limit it had."""
    limit, started = container.attrs["HostConfig"]["Memory"], container.attrs["State"]["StartedAt"]
    used = container.stats(stream=False)
    assert isinstance(used, dict)
    little = used["memory_stats"]["usage"] + ROOM
    container.update(mem_limit=little, memswap_limit=little)
    try:
        container.exec_run(["python3", "-c", HOG], detach=True)
        wait_for(lambda: _started(container) != started, 60)
    finally:
        container.update(mem_limit=limit, memswap_limit=limit)


def _started(container: Container) -> str:
    container.reload()
    return str(container.attrs["State"]["StartedAt"])
