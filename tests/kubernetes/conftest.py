"""A cluster, and a stack on it. The tests' own requests come from inside the cluster's network."""

from collections.abc import Iterator

import pytest

from components.images.settings import ImageSettings
from testbed.cluster.cluster import Cluster, running
from testbed.cluster.configuration import images, on_cluster
from testbed.cluster.network import CONTROL_PLANE, entered
from testbed.image import derive_from, one_migration_more
from testbed.project import Project

STACK = "kubernetes"
NAMESPACE = "gateway-kubernetes"
NODES = (1, 2, 3)
"""Numbers of the nodes. Each offers all processors of the machine; the stack's pods ask for about three."""
TABLE = "gateway_migrated"
"""What the migration of the other version makes."""


def another_version() -> str:
    """Build the stack's LiteLLM with one migration more; return its reference."""
    return derive_from(ImageSettings().reference("litellm"), "migrated", one_migration_more(TABLE))


@pytest.fixture(scope="session")
def nodes(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    """The cluster."""
    made = Cluster(tmp_path_factory.mktemp("cluster"), nodes=len(NODES))
    monitored = on_cluster(made, NAMESPACE) | {"gateway:monitoring": {"enabled": True}}
    wanted = [*images(monitored).values(), another_version()]
    with running(made, wanted), entered(CONTROL_PLANE):
        yield made


@pytest.fixture(scope="session")
def gateway(nodes: Cluster, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Project]:
    """The stack, which runs."""
    project = Project(tmp_path_factory.mktemp("project"), STACK, on_cluster(nodes, NAMESPACE))
    try:
        begin = project.up()
        print(f"\n{project.stack} was up after {begin.seconds:.1f} s")
        yield project
    finally:
        removed = project.ops("down", project.stack)
    assert removed.exit_code == 0, removed.output
    assert NAMESPACE not in nodes.kubectl("get", "namespaces")
