"""The kinds of objects that a program brings to the cluster: a folder of CustomResourceDefinitions."""

from pathlib import Path

from testbed.cluster.cluster import Cluster


def define(cluster: Cluster, folder: Path) -> None:
    """Make the kinds, and wait until the cluster serves them."""
    cluster.kubectl("apply", "--server-side", "-f", str(folder))
    cluster.kubectl("wait", "--for=condition=Established", "--timeout=60s", "-f", str(folder))


def forget(cluster: Cluster, folder: Path) -> None:
    """Remove the kinds, with every object of them."""
    cluster.kubectl("delete", "-f", str(folder))
