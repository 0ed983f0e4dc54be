"""A Kubernetes cluster of this machine, made and removed by the test that needs it. It needs root."""

import json
import shutil
import subprocess
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from testbed.cluster import images, network, programs, storage
from testbed.cluster.control_plane import ControlPlane
from testbed.cluster.node import Node
from testbed.cluster.processes import Processes
from testbed.wait import wait_until

CONTEXT = "kubernetes-super-admin@kubernetes"


class Cluster:
    """A control plane and its nodes."""

    def __init__(self, folder: Path, nodes: int = 3) -> None:
        """Make nothing yet.

        Args:
            folder: for its files; it is removed at the end.
            nodes: how many.
        """
        self.folder, self._processes = folder, Processes(folder / "log")
        self.control_plane = ControlPlane(folder / "control-plane", self._processes)
        self.nodes = [Node(number, folder, self._processes) for number in range(1, nodes + 1)]

    @property
    def kubeconfig(self) -> Path:
        """The kubeconfig of an administrator, whose context is CONTEXT."""
        return self.control_plane.kubeconfig

    def start(self, references: Iterable[str]) -> None:
        """Start it with these images on every node, and wait until all nodes are ready."""
        programs.build()
        images.save(references, self.folder / "images")
        self._remove()
        network.create(len(self.nodes))
        self.control_plane.start(len(self.nodes))
        # The API server asks kubelets, such as for logs, as a member of this group.
        group = "kubeadm:cluster-admins"
        self.kubectl("create", "clusterrolebinding", group, "--clusterrole=cluster-admin", f"--group={group}")
        for node in self.nodes:
            node.start()
        wait_until(lambda: len(self.ready_nodes()) == len(self.nodes), 300)
        self.apply(storage.manifests())

    def stop(self) -> None:
        """Remove it and all that it made on this machine."""
        self._processes.kill_all()
        self._remove()
        shutil.rmtree(self.folder, ignore_errors=True)

    def _remove(self) -> None:
        network.remove(len(self.nodes))
        for node in self.nodes:
            node.remove_cgroups()

    def inside(self, command: Sequence[str]) -> list[str]:
        """Return a command that runs another one where the cluster can be reached."""
        return network.inside(network.CONTROL_PLANE, command)

    def kubectl(self, *arguments: str, text: str | None = None) -> str:
        """Run kubectl, which has to succeed, and return its output."""
        command = (str(programs.BIN / "kubectl"), "--kubeconfig", str(self.kubeconfig), *arguments)
        ended = subprocess.run(
            self.inside(command), input=text, text=True, check=False, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
        )
        assert ended.returncode == 0, ended.stdout
        return ended.stdout

    def apply(self, manifests: Sequence[dict[str, Any]]) -> None:
        """Apply manifests."""
        items = {"apiVersion": "v1", "kind": "List", "items": list(manifests)}
        self.kubectl("apply", "--server-side", "-f", "-", text=json.dumps(items))

    def ready_nodes(self) -> list[str]:
        """Return the names of the nodes that are ready."""
        lines = (line.split() for line in self.kubectl("get", "nodes", "--no-headers").splitlines())
        return [name for name, status, *_ in lines if status == "Ready"]


@contextmanager
def running(made: Cluster, references: Iterable[str]) -> Iterator[Cluster]:
    """Run a cluster with these images; everything of it is gone afterwards."""
    try:
        made.start(references)
        yield made
    finally:
        made.stop()
