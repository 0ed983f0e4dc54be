"""What tests do to a running container, and read from it."""

from docker.models.containers import Container

from components.edge.frontend import PROXY_PORT
from testbed.project import Project
from testbed.wait import wait_until

ROOM = 64 * 2**20
"""Bytes left below the limit. Less than what the container's own processes hold, so the kernel kills one of those."""
HOG = "held = []\nwhile True: held.append(b'x' * 2**20)"


def run(container: Container, *command: str) -> tuple[int, str]:
    """Run a command in the container; return its exit code and its output."""
    exit_code, output = container.exec_run(list(command))
    assert isinstance(exit_code, int)
    assert isinstance(output, bytes)
    return exit_code, output.decode(errors="replace")


def must_run(container: Container, *command: str) -> str:
    """Run a command that has to succeed; return its output."""
    exit_code, output = run(container, *command)
    assert exit_code == 0, output
    return output


def address(project: Project, container: Container) -> str:
    """Return a container's address on the front network. The host can reach it when the engine is local."""
    (network,) = project.container("provider").attrs["NetworkSettings"]["Networks"]
    return str(container.attrs["NetworkSettings"]["Networks"][network]["IPAddress"])


def ingress_url(project: Project) -> str:
    """Return where the ingress is reached without its host port, which Docker's own proxy passes on."""
    return f"http://{address(project, project.container('ingress'))}:{PROXY_PORT}"


def log_lines(container: Container, since: float) -> list[str]:
    """Return the lines that the container wrote since then (Unix time), without the empty ones."""
    text = container.logs(since=int(since)).decode(errors="replace")
    return [line for line in text.splitlines() if line.strip()]


def healthy(container: Container) -> bool:
    """Return whether Docker's health check finds the container healthy."""
    container.reload()
    return str(container.attrs["State"]["Health"]["Status"]) == "healthy"


def exhaust_memory(container: Container) -> None:
    """Use up the container's memory. Returns when Docker has restarted it; it then has the limit it had before."""
    limit, started = container.attrs["HostConfig"]["Memory"], container.attrs["State"]["StartedAt"]
    used = container.stats(stream=False)
    assert isinstance(used, dict)
    little = used["memory_stats"]["usage"] + ROOM
    container.update(mem_limit=little, memswap_limit=little)
    try:
        container.exec_run(["python3", "-c", HOG], detach=True)
        wait_until(lambda: _started(container) != started, 60)
    finally:
        container.update(mem_limit=limit, memswap_limit=limit)


def _started(container: Container) -> str:
    container.reload()
    return str(container.attrs["State"]["StartedAt"])
