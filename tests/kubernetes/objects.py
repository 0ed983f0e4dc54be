"""What the cluster has of the stack, and how that differs from what the stack wants."""

import json
from typing import Any

from testbed.cluster.cluster import Cluster
from testbed.project import Project
from tests.kubernetes.conftest import NAMESPACE


def objects(nodes: Cluster, resources: str, *more: str) -> list[dict[str, Any]]:
    """Return the objects of some kinds; `more` are arguments of `kubectl get`, such as a selector."""
    listed = nodes.kubectl("-n", NAMESPACE, "get", resources, *more, "-o", "json")
    found: list[dict[str, Any]] = json.loads(listed)["items"]
    return found


def document(nodes: Cluster, name: str) -> dict[str, Any]:
    """Return an object by its kind and name."""
    found: dict[str, Any] = json.loads(nodes.kubectl("-n", NAMESPACE, "get", name, "-o", "json"))
    return found


def spec(nodes: Cluster, name: str) -> dict[str, Any]:
    """Return what an object wants, by its kind and name."""
    found: dict[str, Any] = document(nodes, name)["spec"]
    return found


def drift(gateway: Project) -> dict[tuple[str, str], Any]:
    """Return what differs, by resource and property."""
    result = gateway.ops("drift", gateway.stack, "--json")
    begin = result.output.index("[")
    found = {(each["resource"], each["what"]): each for each in json.loads(result.output[begin:])}
    assert result.exit_code == (2 if found else 0), result.output
    return found
