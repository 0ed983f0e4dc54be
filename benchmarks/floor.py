"""What a probe waits for in Docker's own cgroup: HAProxy with one line to say, on the host's own network."""

from collections.abc import Iterator
from contextlib import contextmanager

import docker

from benchmarks.gateway import Gateway
from components.edge.component import CPU_SHARES
from components.edge.haproxy import THREADS
from components.engine.labels import STACK_LABEL
from tests.e2e.project import free_ports


def configuration(port: int) -> str:
    """Write a haproxy.cfg that answers every request by itself."""
    return f"""\
global
{THREADS}
defaults
  mode http
  timeout connect 1s
  timeout client 10s
  timeout server 10s
frontend floor
  bind 127.0.0.1:{port}
  http-request return status 200 content-type text/plain string "healthy"
"""


@contextmanager
def bare(gateway: Gateway) -> Iterator[str]:
    """Run it beside the gateway, of the same image and with the same weight, and give its URL.

    No proxy of Docker's, no bridge and no other work stand between a probe and its answer: what such a probe waits,
    it waits for the share of all containers.
    """
    (port,) = free_ports(1)
    image = gateway.project.container("ingress").attrs["Config"]["Image"]
    container = docker.from_env().containers.run(
        image, entrypoint=["sh", "-c", 'printf %s "$0" > /tmp/haproxy.cfg; exec haproxy -db -f /tmp/haproxy.cfg'],
        command=[configuration(port)], network_mode="host", cpu_shares=CPU_SHARES, detach=True,
        labels={STACK_LABEL: gateway.project.stack},
    )  # fmt: skip
    try:
        yield f"http://127.0.0.1:{port}/"
    finally:
        container.remove(force=True)
