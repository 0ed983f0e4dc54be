"""A HAProxy that does nothing but answer, to compare the gateway's health with. It runs in Docker's own cgroup."""

from collections.abc import Iterator
from contextlib import contextmanager

from components.edge.component import CPU_SHARES
from components.edge.haproxy import THREADS
from components.engine.connection.client import connect
from components.engine.labels import STACK_LABEL
from testbed.ports import free_ports
from testbed.project import Project


def configuration(port: int) -> str:
    """Return a haproxy.cfg that answers every request."""
    return f"""\
global
{THREADS}
defaults
  mode http
  timeout connect 1s
  timeout client 10s
  timeout server 10s
frontend bare
  bind 127.0.0.1:{port}
  http-request return status 200 content-type text/plain string "healthy"
"""


@contextmanager
def bare_haproxy(project: Project) -> Iterator[str]:
    """Run it beside the gateway, with the same image and CPU shares; yield its URL.

    It is on the host's network and does no other work: a probe of it waits only for the CPU share that all
    containers have together.
    """
    (port,) = free_ports(1)
    image = project.container("ingress").attrs["Config"]["Image"]
    container = connect().containers.run(
        image, entrypoint=["sh", "-c", 'printf %s "$0" > /tmp/haproxy.cfg; exec haproxy -db -f /tmp/haproxy.cfg'],
        command=[configuration(port)], network_mode="host", cpu_shares=CPU_SHARES, detach=True,
        labels={STACK_LABEL: project.stack},
    )  # fmt: skip
    try:
        yield f"http://127.0.0.1:{port}/"
    finally:
        container.remove(force=True)
