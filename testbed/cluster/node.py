"""A node: containerd, kubelet and kube-proxy in namespaces of their own."""

import json
import shutil
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from testbed.cluster.network import ADDRESS, POD_RANGE, inside, node_address, node_namespace, pod_subnet
from testbed.cluster.processes import Processes
from testbed.cluster.programs import BIN, CNI_BIN

CGROUPS = Path("/sys/fs/cgroup")
CONTROLLERS = CGROUPS / "cgroup.controllers"
"""Version 2 has it."""
FIRST_PROCESS = Path(__file__).with_name("node.sh")
PAUSE_IMAGE = "localhost/pause:1"
VOLUMES = 12
"""Folders for volumes of data, which the first node has."""


@dataclass(frozen=True)
class Node:
    """One node."""

    number: int
    cluster: Path
    """Folder of the cluster."""
    processes: Processes

    @property
    def name(self) -> str:
        """Its name in the cluster."""
        return f"n{self.number}"

    @property
    def folder(self) -> Path:
        """Its files."""
        return self.cluster / self.name

    def start(self) -> None:
        """Start it."""
        for path in ("lib/containerd", "lib/kubelet", "lib/cni", "log", "cni"):
            (self.folder / path).mkdir(parents=True, exist_ok=True)
        for number in range(1, VOLUMES + 1):
            (self.folder / "lib" / "volumes" / str(number)).mkdir(parents=True, exist_ok=True)
        self.make_cgroups()
        control_plane = self.cluster / "control-plane"
        shutil.copy(control_plane / f"{self.name}.conf", self.folder / "kubelet.conf")
        (self.folder / "resolv.conf").write_text("")
        (self.folder / "containerd.toml").write_text(self._containerd())
        (self.folder / "cni" / "10-pods.conflist").write_text(json.dumps(self._cni()))
        (self.folder / "kubelet.yaml").write_text(yaml.safe_dump(self._kubelet(control_plane / "pki" / "ca.crt")))
        (self.folder / "proxy.yaml").write_text(yaml.safe_dump(self._proxy(control_plane / "proxy.conf")))
        environment = {
            "NODE": self.name,
            "ADDRESS": node_address(self.number),
            "FOLDER": str(self.folder),
            "BIN": str(BIN),
            "IMAGES": str(self.cluster / "images"),
            "LOGS": str(self.cluster / "log"),
        }
        unshared = ("unshare", "--mount", "--uts", "--ipc", "--pid", "--fork", "--kill-child", "--mount-proc")
        command = ("env", *(f"{name}={value}" for name, value in environment.items()), "bash", str(FIRST_PROCESS))
        self.processes.start(self.name, inside(node_namespace(self.number), (*unshared, *command)))

    def lose_power(self) -> None:
        """Kill everything that runs on it at once."""
        self.processes.kill(self.name)

    def remove_cgroups(self) -> None:
        """Remove what it left in the host's cgroups."""
        for root in self._cgroups():
            if root.is_dir():
                folders = sorted((path for path in root.rglob("*") if path.is_dir()), reverse=True)
                for folder in (*folders, root):
                    subprocess.run(("rmdir", str(folder)), check=False, capture_output=True)

    def run(self, command: Sequence[str], **options: Any) -> subprocess.CompletedProcess[Any]:
        """Run a command inside the node."""
        (init,) = self._children(self.processes.pid(self.name))
        return subprocess.run(("nsenter", "-t", init, "-m", "-u", "-i", "-n", "-p", *command), check=True, **options)

    def _children(self, pid: int) -> list[str]:
        found = subprocess.run(("pgrep", "-P", str(pid)), check=True, capture_output=True, text=True).stdout.split()
        # unshare has one child, the node's first process.
        return found[:1]

    @property
    def _cgroup(self) -> str:
        return f"gateway-k8s-{self.name}"

    def _cgroups(self) -> list[Path]:
        """Return the node's cgroups: one in version 2, one a controller in version 1."""
        if CONTROLLERS.is_file():
            return [CGROUPS / self._cgroup]
        return [each / self._cgroup for each in CGROUPS.iterdir() if each.is_dir() and not each.is_symlink()]

    def make_cgroups(self) -> None:
        """Make the node's cgroups, with every controller; it may use all processors."""
        if CONTROLLERS.is_file():
            for controller in CONTROLLERS.read_text().split():
                (CGROUPS / "cgroup.subtree_control").write_text(f"+{controller}")
        for cgroup in self._cgroups():
            cgroup.mkdir(exist_ok=True)
            for file in ("cpuset.cpus", "cpuset.mems"):
                # The root of version 2 has none: what is below it may use all.
                if (source := cgroup.parent / file).is_file():
                    (cgroup / file).write_text(source.read_text())

    def _containerd(self) -> str:
        return f"""\
version = 2
root = "/var/lib/containerd"
state = "/run/containerd"
[grpc]
  address = "/run/containerd/containerd.sock"
[plugins."io.containerd.internal.v1.opt"]
  path = "/var/lib/containerd/opt"
[plugins."io.containerd.grpc.v1.cri"]
  sandbox_image = "{PAUSE_IMAGE}"
  # A machine that is itself a container may not lower it.
  restrict_oom_score_adj = true
  [plugins."io.containerd.grpc.v1.cri".cni]
    bin_dir = "{CNI_BIN}"
    conf_dir = "{self.folder}/cni"
"""

    def _cni(self) -> dict[str, Any]:
        ipam = {
            "type": "host-local",
            "ranges": [[{"subnet": pod_subnet(self.number)}]],
            "routes": [{"dst": "0.0.0.0/0"}],
        }
        bridge = {"type": "bridge", "bridge": "cni0", "isGateway": True, "hairpinMode": True, "ipMasq": False}
        portmap = {"type": "portmap", "capabilities": {"portMappings": True}}
        return {"cniVersion": "1.0.0", "name": "pods", "plugins": [{**bridge, "ipam": ipam}, portmap]}

    def _kubelet(self, authority: Path) -> dict[str, Any]:
        return {
            "apiVersion": "kubelet.config.k8s.io/v1beta1",
            "kind": "KubeletConfiguration",
            "cgroupDriver": "cgroupfs",
            "cgroupRoot": f"/{self._cgroup}",
            "containerRuntimeEndpoint": "unix:///run/containerd/containerd.sock",
            "clusterDNS": [ADDRESS],
            "clusterDomain": "cluster.local",
            "resolvConf": f"{self.folder}/resolv.conf",
            "authentication": {
                "anonymous": {"enabled": False},
                "webhook": {"enabled": True},
                "x509": {"clientCAFile": str(authority)},
            },
            "authorization": {"mode": "Webhook"},
            "failSwapOn": False,
            "enforceNodeAllocatable": [],
            # The nodes share one disk and its images.
            "evictionHard": {"memory.available": "100Mi", "nodefs.available": "1%", "imagefs.available": "1%"},
            "imageGCHighThresholdPercent": 100,
            "nodeStatusUpdateFrequency": "4s",
            "nodeLeaseDurationSeconds": 12,
            "volumePluginDir": "/var/lib/kubelet/plugins-exec",
        }

    def _proxy(self, kubeconfig: Path) -> dict[str, Any]:
        return {
            "apiVersion": "kubeproxy.config.k8s.io/v1alpha1",
            "kind": "KubeProxyConfiguration",
            "mode": "iptables",
            "clientConnection": {"kubeconfig": str(kubeconfig)},
            "hostnameOverride": self.name,
            "clusterCIDR": POD_RANGE,
            # Limits of connections are the host's.
            "conntrack": {"maxPerCore": 0, "tcpEstablishedTimeout": "0s", "tcpCloseWaitTimeout": "0s"},
        }
