"""A node that loses its power while requests are answered."""

import time

from benchmarks.kubernetes import add
from benchmarks.result import Result
from testbed.cluster.cluster import Cluster
from testbed.cluster.configuration import proxy_url
from testbed.project import Project
from testbed.wait import wait_until
from tests.kubernetes.clients import Clients
from tests.kubernetes.pods import START_SECONDS, places, replicated

MOST_SECONDS = 60
"""From the loss to the end of the last failed request, and until its pods have started elsewhere."""
WATCH_SECONDS = 30
"""With all pods elsewhere, and as long with the node that is back, no request fails."""


def test_lost_node_costs_requests_for_a_minute_at_most_and_its_pods_start_elsewhere(
    gateway: Project, nodes: Cluster
) -> None:
    lost = replicated(nodes)
    before = {part: len(places(nodes, part)) for part in ("litellm", "edge")}

    def all_elsewhere(*, ready: bool) -> bool:
        found = {part: [each for each in places(nodes, part, ready=ready) if each != lost.name] for part in before}
        return {part: len(each) for part, each in found.items()} == before

    with Clients(proxy_url(), gateway.output("master_key")) as clients:
        time.sleep(5)
        begin = time.monotonic()
        lost.lose_power()
        try:
            wait_until(lambda: all_elsewhere(ready=False), START_SECONDS)
            started = time.monotonic() - begin
            wait_until(lambda: all_elsewhere(ready=True), START_SECONDS)
            ready = time.monotonic() - begin
            time.sleep(WATCH_SECONDS)
        finally:
            lost.start()
            wait_until(lambda: len(nodes.ready_nodes()) == len(nodes.nodes), 300)
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
