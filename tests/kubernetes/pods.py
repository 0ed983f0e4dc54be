"""Where the stack's pods run."""

import json

from components.engine.kubernetes.cluster.observed import is_ready
from testbed.cluster.cluster import Cluster
from testbed.cluster.node import Node
from tests.kubernetes.conftest import NAMESPACE


def places(nodes: Cluster, part: str, *, ready: bool = True) -> list[str]:
    """Return the nodes of the pods of a part that run, without those that are told to stop.

    Args:
        nodes: the cluster.
        part: the part's name.
        ready: leave out those that are not ready.
    """
    listed = nodes.kubectl("-n", NAMESPACE, "get", "pods", "-l", f"app.kubernetes.io/name={part}", "-o", "json")
    return [
        str(pod["spec"]["nodeName"])
        for pod in json.loads(listed)["items"]
        if pod["status"]["phase"] == "Running"
        and "deletionTimestamp" not in pod["metadata"]
        and (is_ready(pod) or not ready)
    ]


def replicated(nodes: Cluster) -> Node:
    """Return a node that runs a replica and nothing that exists once.

    The first node has the volumes, and the clients ask there. The mock provider stands for others' machines.
    """
    once = {"n1", *places(nodes, "provider")}
    return next(node for node in nodes.nodes if node.name in {*places(nodes, "litellm")} - once)
