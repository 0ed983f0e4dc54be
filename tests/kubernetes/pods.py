"""Where the stack's pods run."""

import httpx

from components.mock_provider.routes import PORT
from ops.stack.engines.pod import is_over, is_ready
from testbed.cluster.cluster import Cluster
from testbed.cluster.node import Node
from testbed.wait import wait_until
from tests.kubernetes.conftest import NAMESPACE
from tests.kubernetes.objects import objects

START_SECONDS = 300
"""For pods to be ready, on a machine that is three nodes and has other work."""


def places(nodes: Cluster, part: str, *, ready: bool = True) -> list[str]:
    """Return the nodes of the pods of a part that run, without those that are told to stop.

    Args:
        nodes: the cluster.
        part: the part's name.
        ready: leave out those that are not ready.
    """
    return [
        str(pod["spec"]["nodeName"])
        for pod in objects(nodes, "pods", "-l", f"app.kubernetes.io/name={part}")
        if pod["status"]["phase"] == "Running" and not is_over(pod) and (is_ready(pod) or not ready)
    ]


def replicated(nodes: Cluster) -> Node:
    """Return a node that runs a replica, an edge and nothing that exists once.

    The first node has the volumes, and the clients ask there. The mock provider stands for others' machines.
    """
    once = places(nodes, "provider")
    chosen = next(node for node in nodes.nodes[1:] if node.name not in once)
    for part in ("litellm", "edge"):
        if chosen.name not in places(nodes, part):
            move_one(nodes, part, chosen.name)
    return chosen


def move_one(nodes: Cluster, part: str, target: str) -> None:
    """Move one pod of a part to a node."""
    before = places(nodes, part)
    others = [node.name for node in nodes.nodes if node.name != target]
    nodes.kubectl("cordon", *others)
    try:
        listed = nodes.kubectl("-n", NAMESPACE, "get", "pods", "-l", f"app.kubernetes.io/name={part}", "-o", "name")
        nodes.kubectl("-n", NAMESPACE, "delete", listed.split()[0])
        wait_until(lambda: target in (now := places(nodes, part)) and len(now) == len(before), START_SECONDS)
    finally:
        nodes.kubectl("uncordon", *others)


def clear(nodes: Cluster, name: str) -> None:
    """Move what may run anywhere away from a node."""
    before = {part: len(places(nodes, part)) for part in ("litellm", "edge", "provider")}
    nodes.kubectl("cordon", name)
    try:
        for part in before:
            pods = ("pods", "-l", f"app.kubernetes.io/name={part}", "--field-selector", f"spec.nodeName={name}")
            nodes.kubectl("-n", NAMESPACE, "delete", *pods)
        wait_until(lambda: {part: len(places(nodes, part)) for part in before} == before, START_SECONDS)
    finally:
        nodes.kubectl("uncordon", name)


def set_provider(nodes: Cluster, latency_ms: int) -> None:
    """Set how long the mock provider takes."""
    pods = ("-n", NAMESPACE, "get", "pods", "-l", "app.kubernetes.io/name=provider")
    address = nodes.kubectl(*pods, "-o", "jsonpath={.items[0].status.podIP}")
    assert httpx.put(f"http://{address}:{PORT}/control", json={"latency_ms": latency_ms}).is_success


def sql(nodes: Cluster, statement: str) -> list[str]:
    """Return the words of an answer of the stack's database."""
    psql = ("psql", "-U", "litellm", "-d", "litellm", "-Atc", statement)
    return nodes.kubectl("-n", NAMESPACE, "exec", "postgres-0", "-c", "postgres", "--", *psql).split()
