"""What a cluster's own maintenance does while requests are answered: a drained node, a control plane that is away."""

import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from testbed.cluster.cluster import Cluster
from testbed.cluster.configuration import proxy_url
from testbed.project import Project
from testbed.wait import wait_until
from tests.kubernetes.clients import Clients
from tests.kubernetes.pods import START_SECONDS, places, replicated

AWAY_SECONDS = 60
SETTLE_SECONDS = 20
"""Load before and after. A controller that comes back has looked at every node by then."""


@contextmanager
def no_request_lost(gateway: Project, name: str) -> Iterator[None]:
    """Send requests while the body runs, and before and after it; every one is answered. `name` is the figure's."""
    with Clients(proxy_url(), gateway.output("master_key")) as clients:
        time.sleep(SETTLE_SECONDS)
        yield
        time.sleep(SETTLE_SECONDS)
    clients.figure(name)
    assert clients.failures == []
    assert len(clients.answers) > 20


def test_drained_node_loses_no_request(gateway: Project, nodes: Cluster) -> None:
    drained = replicated(nodes).name
    before = {part: len(places(nodes, part)) for part in ("litellm", "edge")}
    try:
        with no_request_lost(gateway, "node drained"):
            begin = time.monotonic()
            print(nodes.kubectl("drain", drained, "--delete-emptydir-data", f"--timeout={START_SECONDS}s"))
            print(f"drained after {time.monotonic() - begin:.0f} s")
            wait_until(lambda: {part: len(places(nodes, part)) for part in before} == before, START_SECONDS)
            print(f"all pods were ready elsewhere after {time.monotonic() - begin:.0f} s")
        assert all(drained not in places(nodes, part) for part in before)
    finally:
        nodes.kubectl("uncordon", drained)


@pytest.mark.parametrize(
    ("programs", "seconds"),
    [(("kube-apiserver", "etcd"), AWAY_SECONDS), (("etcd",), 0)],
    ids=["API server and etcd away", "etcd restarted"],
)
def test_control_plane_that_is_away_costs_no_request(
    gateway: Project, nodes: Cluster, programs: tuple[str, ...], seconds: int
) -> None:
    name = f"{' and '.join(programs)} " + (f"away for {seconds} s" if seconds else "restarted")
    with no_request_lost(gateway, name):
        with nodes.control_plane.away(*programs):
            time.sleep(seconds)
        wait_until(lambda: len(nodes.ready_nodes()) == len(nodes.nodes), 120)
    gateway.expect_no_changes()
