"""Where the stack's pods run."""

import json

from testbed.cluster.cluster import Cluster
from testbed.cluster.node import Node
from tests.kubernetes.conftest import NAMESPACE


def places(nodes: Cluster, part: str) -> list[str]:
    """Return the nodes of the ready pods of a part, without those that are told to stop."""
    listed = nodes.kubectl("-n", NAMESPACE, "get", "pods", "-l", f"app.kubernetes.io/name={part}", "-o", "json")
    return [
        str(pod["spec"]["nodeName"])
        for pod in json.loads(listed)["items"]
        for condition in pod["status"].get("conditions", [])
        if (condition["type"], condition["status"]) == ("Ready", "True") and "deletionTimestamp" not in pod["metadata"]
    ]


def replicated(nodes: Cluster) -> Node:
    """Return a node that runs a replica and nothing that exists once.

    The first node has the volumes, and the clients ask there. The mock provider stands for others' machines.
    """
    once = {"n1", *places(nodes, "provider")}
    return next(node for node in nodes.nodes if node.name in {*places(nodes, "litellm")} - once)
