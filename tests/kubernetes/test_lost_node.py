"""A node that loses its power while requests are answered."""

import time

from testbed.cluster.cluster import Cluster
from testbed.cluster.configuration import proxy_url
from testbed.project import Project
from testbed.wait import wait_until
from tests.kubernetes.clients import Clients
from tests.kubernetes.pods import places, replicated

MOST_SECONDS = 60
"""From the loss to the last failed request, and until all pods run elsewhere."""
WATCH_SECONDS = 45
"""After that time no request fails."""


def test_lost_node_costs_requests_for_a_minute_at_most_and_its_pods_run_elsewhere(
    gateway: Project, nodes: Cluster
) -> None:
    lost = replicated(nodes)
    before = {part: len(places(nodes, part)) for part in ("litellm", "edge")}
    with Clients(proxy_url(), gateway.output("master_key")) as clients:
        time.sleep(5)
        begin = time.monotonic()
        lost.lose_power()
        try:
            wait_until(
                lambda: all(
                    len([node for node in places(nodes, part) if node != lost.name]) == count
                    for part, count in before.items()
                ),
                MOST_SECONDS * 3,
            )
            elsewhere = time.monotonic() - begin
            time.sleep(max(0.0, begin + MOST_SECONDS - time.monotonic()) + WATCH_SECONDS)
        finally:
            lost.start()
            wait_until(lambda: len(nodes.ready_nodes()) == len(nodes.nodes), 300)
    print(f"all pods were ready elsewhere after {elsewhere:.0f} s")
    for each in clients.failures:
        print(f"sent {each.sent - begin:.1f} s after the loss: {each.result}")
    assert [each for each in clients.failures if each.sent - begin > MOST_SECONDS] == []
    assert len([each for each in clients.answers if each.sent - begin > MOST_SECONDS]) > 20
