"""A stack that moves from one host to a cluster and back, with its keys and its data: docs/kubernetes.md."""

import re
from collections.abc import Iterator
from pathlib import Path
from statistics import median
from typing import Any

import pytest

from benchmarks.kubernetes import add
from benchmarks.result import Result
from testbed.cluster.cluster import Cluster
from testbed.cluster.configuration import on_cluster
from testbed.cluster.network import node_address, outside
from testbed.completion import status
from testbed.configuration import development
from testbed.engine_lock import exclusive, remove
from testbed.gateway import admin, new_key, store_model
from testbed.project import Project
from tests.kubernetes.pods import clear

STACK, NAMESPACE = "kubernetes-moved", "gateway-moved"
PORTS = {"proxy": 30410, "health": 30411}
STORED = "stored-before"
PREVIEWS = 3


def without_redis(config: dict[str, Any]) -> dict[str, Any]:
    """Return a configuration without Redis: the first node has processors for one more server with data."""
    litellm = config["gateway:litellm"]
    settings = litellm.get("config", {}) | {"use_redis_transaction_buffer": False}
    return config | {"gateway:redis": {"enabled": False}, "gateway:litellm": litellm | {"config": settings}}


@pytest.fixture
def project(tmp_path: Path) -> Iterator[Project]:
    """A stack on this machine's Docker engine."""
    made = Project(tmp_path / "moved", STACK, without_redis(development()))
    with exclusive(made.stack):
        try:
            with outside():
                made.up()
            yield made
        finally:
            remove(made.stack)


def on_nodes(nodes: Cluster) -> dict[str, Any]:
    """Return its configuration on the cluster: one replica, and other ports than the shard's own stack."""
    config = on_cluster(nodes, NAMESPACE, replicas=1)
    config["gateway:kubernetes"]["service"]["node_ports"] = PORTS
    config["gateway:kubernetes"]["edge_replicas"] = 1
    return without_redis(config)


def saved(project: Project, folder: Path) -> str:
    """Dump the database and copy the dump here; return its file."""
    told = project.must_ops("backup", "--copy-to", str(folder))
    (file,) = re.findall(r"^copied to (\S+)$", told, re.MULTILINE)
    return str(file)


def unchanged_seconds(project: Project) -> float:
    """Preview the unchanged stack several times; return the usual duration."""
    return median(project.expect_no_changes().seconds for _ in range(PREVIEWS))


def reached(project: Project) -> tuple[str, str]:
    """Return where the gateway is, and its master key."""
    url = f"http://{node_address(1)}:{PORTS['proxy']}" if "gateway:kubernetes" in project.config else ""
    return url or project.output("proxy_url"), project.output("master_key")


def test_stack_moves_to_a_cluster_and_back_with_its_keys_and_data(
    project: Project, nodes: Cluster, tmp_path: Path
) -> None:
    docker = project.config
    with outside(), admin(project) as client:
        on_docker = unchanged_seconds(project)
        key = new_key(client, "before")
        store_model(client, STORED, "sk-provider")
        dump, (_, master_key) = saved(project, tmp_path / "dumps"), reached(project)

    clear(nodes, "n1")
    project.configure(on_nodes(nodes))
    print(project.must_ops("restore", dump, "--new-host", "--drop-old", "--yes"))
    url, same = reached(project)
    assert same == master_key
    assert (status(url, key), status(url, key, STORED)) == (200, 200)
    there = unchanged_seconds(project)
    seen = f"{there:.1f} s, on Docker {on_docker:.1f} s"
    add(Result("preview without a change / that of the same stack on Docker", round(there / on_docker, 2), 1.5, seen))
    dump = saved(project, tmp_path / "dumps")

    remove(project.stack)
    nodes.kubectl("delete", "namespace", NAMESPACE)
    project.configure(docker)
    with outside():
        print(project.must_ops("restore", dump, "--new-host", "--drop-old", "--yes"))
        url, same = reached(project)
        assert same == master_key
        assert (status(url, key), status(url, key, STORED)) == (200, 200)
