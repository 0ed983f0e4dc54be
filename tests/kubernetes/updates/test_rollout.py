"""When an update ends: not before the cluster has rolled out what it changed."""

import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from testbed.cluster.cluster import Cluster
from testbed.project import Project
from testbed.wait import wait_until
from tests.kubernetes.objects import document

CONTROLLERS = "kube-controller-manager"
BUSY_SECONDS = 10
"""How long the controllers do not see a change. Pulumi took an old status for the end within a second."""


@pytest.mark.parametrize(
    ("workload", "setting", "value"),
    [("statefulset/redis", "gateway:redis.memory_mib", 640), ("deployment/edge", "gateway:edge.memory_mib", 320)],
    ids=["StatefulSet", "Deployment"],
)
def test_update_ends_after_its_rollout_where_controllers_are_busy(
    gateway: Project, nodes: Cluster, workload: str, setting: str, value: int
) -> None:
    before = generation(nodes, workload)
    try:
        with gateway.configured({setting: value}), ThreadPoolExecutor() as executor:
            with nodes.control_plane.away(CONTROLLERS):
                update = executor.submit(gateway.up)
                wait_until(lambda: generation(nodes, workload) > before or update.done(), 120)
                time.sleep(BUSY_SECONDS)
                assert not update.done(), update.result().output
            update.result()
            after = document(nodes, workload)
        status = after["status"]
        assert status["observedGeneration"] == after["metadata"]["generation"]
        assert status["updatedReplicas"] == status["availableReplicas"] == after["spec"]["replicas"]
    finally:
        gateway.up()


def generation(nodes: Cluster, workload: str) -> int:
    """Return the number of changes of a workload."""
    return int(document(nodes, workload)["metadata"]["generation"])
