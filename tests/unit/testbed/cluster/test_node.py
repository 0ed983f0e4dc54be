"""A node's cgroups, in both versions of cgroups."""

from pathlib import Path

import pytest

from testbed.cluster import node
from testbed.cluster.node import Node
from testbed.cluster.processes import Processes


@pytest.fixture
def cgroups(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    root = tmp_path / "cgroup"
    root.mkdir()
    monkeypatch.setattr(node, "CGROUPS", root)
    monkeypatch.setattr(node, "CONTROLLERS", root / "cgroup.controllers")
    return root


@pytest.fixture
def first(tmp_path: Path) -> Node:
    return Node(1, tmp_path, Processes(tmp_path / "log"))


def test_each_controller_of_version_1_has_a_cgroup_of_the_node(cgroups: Path, first: Node) -> None:
    for controller in ("cpuset", "memory"):
        (cgroups / controller).mkdir()
    (cgroups / "cpuset" / "cpuset.cpus").write_text("0-1")
    (cgroups / "cpuset" / "cpuset.mems").write_text("0")
    first.make_cgroups()
    assert (cgroups / "memory" / "gateway-k8s-n1").is_dir()
    assert (cgroups / "cpuset" / "gateway-k8s-n1" / "cpuset.cpus").read_text() == "0-1"


def test_version_2_has_one_cgroup_of_the_node_and_every_controller_below_it(cgroups: Path, first: Node) -> None:
    (cgroups / "cgroup.controllers").write_text("memory\n")
    (cgroups / "system.slice").mkdir()
    first.make_cgroups()
    assert [each.parent for each in cgroups.rglob("gateway-k8s-n1")] == [cgroups]
    assert (cgroups / "cgroup.subtree_control").read_text() == "+memory"
    first.remove_cgroups()
    assert not (cgroups / "gateway-k8s-n1").exists()
