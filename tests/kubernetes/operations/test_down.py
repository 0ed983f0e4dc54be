"""A stack that is removed from the cluster, also one whose first update was killed."""

import json
from pathlib import Path

from testbed.cluster.cluster import Cluster
from testbed.cluster.configuration import on_cluster
from testbed.project import Project
from tests.history.interrupted import kill_update

NAMESPACE = "gateway-killed"


def test_down_removes_all_that_a_killed_first_update_made(nodes: Cluster, tmp_path: Path) -> None:
    config = on_cluster(nodes, NAMESPACE)
    config["gateway:kubernetes"]["service"] = {"type": "ClusterIP"}
    project = Project(tmp_path / "killed", "killed", config)

    def has_begun(_: float, __: str) -> bool:
        found = json.loads(nodes.kubectl("get", "statefulsets", "-n", NAMESPACE, "-o", "json"))["items"]
        return any(each["metadata"]["name"] == "postgres" for each in found)

    assert kill_update(project, has_begun).alive
    project.must("cancel", "--yes")
    print(project.must_ops("down"))
    assert f" {NAMESPACE} " not in nodes.kubectl("get", "namespaces", "-o", "jsonpath= {.items[*].metadata.name} ")
    stacks = json.loads(project.run(("pulumi", "stack", "ls", "--json")).output)
    assert stacks == []
