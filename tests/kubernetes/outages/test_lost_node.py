"""A node that loses its power while requests are answered."""

import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass

from benchmarks.kubernetes import add
from benchmarks.result import Result
from testbed.cluster.cluster import Cluster
from testbed.cluster.configuration import proxy_url
from testbed.cluster.node import Node
from testbed.project import Project
from testbed.wait import wait_until
from tests.kubernetes.clients import Clients
from tests.kubernetes.pods import START_SECONDS, places, replicated, set_provider

MOST_SECONDS = 60
"""From the loss to the end of the last failed request, and until its pods have started elsewhere."""
CALLERS = 8
WATCH_SECONDS = 30
"""With all pods elsewhere, and as long with the node that is back, no request fails."""


@dataclass(frozen=True)
class Elsewhere:
    """The pods of the replicas and edges that do not run on a lost node."""

    nodes: Cluster
    lost: Node
    before: Mapping[str, int]
    """Part → how many there were."""
    begin: float
    """When the node began to lose its power, by the monotonic clock."""
    end: float
    """When nothing of it ran any more."""

    def all_run(self, *, ready: bool = False) -> bool:
        """Return whether there are as many as before; with `ready`, all of them ready."""
        found = {part: places(self.nodes, part, ready=ready) for part in self.before}
        counts = {part: len([each for each in names if each != self.lost.name]) for part, names in found.items()}
        return counts == self.before

    def all_ready(self) -> bool:
        """Return whether as many as before are ready."""
        return self.all_run(ready=True)


@contextmanager
def without_power(nodes: Cluster, lost: Node) -> Iterator[Elsewhere]:
    """Take a node's power while the body runs; afterwards the node is ready again."""
    before = {part: len(places(nodes, part)) for part in ("litellm", "edge")}
    begin = time.monotonic()
    lost.lose_power()
    try:
        yield Elsewhere(nodes, lost, before, begin, time.monotonic())
    finally:
        lost.start()
        wait_until(lambda: len(nodes.ready_nodes()) == len(nodes.nodes), 300)


def test_lost_node_costs_requests_for_a_minute_at_most_and_its_pods_start_elsewhere(
    gateway: Project, nodes: Cluster
) -> None:
    lost = replicated(nodes)
    with Clients(proxy_url(), gateway.output("master_key")) as clients:
        time.sleep(5)
        with without_power(nodes, lost) as elsewhere:
            begin = elsewhere.begin
            wait_until(elsewhere.all_run, START_SECONDS)
            started = time.monotonic() - begin
            wait_until(elsewhere.all_ready, START_SECONDS)
            ready = time.monotonic() - begin
            time.sleep(WATCH_SECONDS)
        time.sleep(WATCH_SECONDS)
    last = max((each.ended - begin for each in clients.failures), default=0.0)
    clients.figure("node lost", goal=None, text=f"pods elsewhere were ready after {ready:.0f} s")
    add(Result("node lost: until its pods have started elsewhere, s", round(started, 1), MOST_SECONDS))
    add(Result("node lost: until the last failed request has ended, s", round(last, 1), MOST_SECONDS))
    for each in clients.failures:
        print(f"sent {each.sent - begin:.1f} s after the loss, ended after {each.ended - begin:.1f}: {each.result}")
    assert last <= MOST_SECONDS
    assert started <= MOST_SECONDS
    assert len([each for each in clients.answers if each.sent - begin > MOST_SECONDS]) > 20


def test_clients_that_a_balancer_leads_lose_what_was_in_flight_alone(gateway: Project, nodes: Cluster) -> None:
    """A balancer asks nodes that run an edge, of which the lost one is soon none."""
    lost = replicated(nodes)
    (serving,) = [node.number for node in nodes.nodes if node.name in set(places(nodes, "edge")) - {lost.name}]
    local = {"gateway:kubernetes.service.external_traffic_policy": "Local"}
    with gateway.changed(local):
        set_provider(nodes, 1000)
        with Clients(proxy_url(serving), gateway.output("master_key"), CALLERS) as clients:
            time.sleep(5)
            with without_power(nodes, lost) as elsewhere:
                wait_until(elsewhere.all_ready, START_SECONDS)
                time.sleep(WATCH_SECONDS)
        set_provider(nodes, 0)
    in_flight = [each for each in clients.answers if each.sent <= elsewhere.end and each.ended >= elsewhere.begin]
    clients.figure("node lost, clients led by a balancer", len(in_flight), f"{len(in_flight)} in flight at all nodes")
    assert [each for each in clients.failures if each not in in_flight] == []
