"""The example of a stack on a cluster, as stacks/Pulumi.cluster.yaml has it."""

from pathlib import Path
from statistics import median

from benchmarks.kubernetes import add
from benchmarks.result import Result
from testbed.cluster.cluster import CONTEXT, Cluster
from testbed.configuration import edge_ports, read
from testbed.project import Project

PREVIEWS = 3
MOST_RATIO = 1.5
"""Seconds of a preview on the cluster to those of the same kind of stack on a Docker engine."""


def preview_seconds(project: Project) -> float:
    """Preview a stack that does not exist yet, several times; return the usual duration."""
    found = []
    for _ in range(PREVIEWS):
        result = project.must("preview")
        assert "to create" in result.output
        found.append(result.seconds)
    return median(found)


def test_example_previews_on_a_cluster_about_as_fast_as_on_docker(nodes: Cluster, tmp_path: Path) -> None:
    example, docker = read("cluster"), read("prod")
    example["gateway:kubernetes"] |= {"kubeconfig": str(nodes.kubeconfig), "context": CONTEXT}
    docker["gateway:edge"] |= edge_ports()
    here = preview_seconds(Project(tmp_path / "docker", "kubernetes-prod", docker))
    there = preview_seconds(Project(tmp_path / "cluster", "kubernetes-example", example))
    seen = f"{there:.1f} s, prod's {here:.1f} s"
    add(Result("preview of stacks/Pulumi.cluster.yaml / that of prod", round(there / here, 2), MOST_RATIO, seen))
    assert there / here <= MOST_RATIO
