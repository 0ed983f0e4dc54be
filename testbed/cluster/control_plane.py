"""The control plane: etcd, the API server, the controllers, the scheduler and the name server."""

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import yaml

from testbed.cluster.network import ADDRESS, CONTROL_PLANE, POD_RANGE, SERVICE_RANGE, inside
from testbed.cluster.processes import Processes
from testbed.cluster.programs import BIN, VERSION
from testbed.wait import wait_until

NODE_MONITOR_SECONDS = 12
"""After which a node that says nothing is not ready; the default is 40."""


@dataclass(frozen=True)
class ControlPlane:
    """Files and processes of the control plane."""

    folder: Path
    processes: Processes

    @property
    def kubeconfig(self) -> Path:
        """The kubeconfig of an administrator."""
        return self.folder / "super-admin.conf"

    def start(self, nodes: int) -> None:
        """Make certificates and kubeconfigs, and start the programs."""
        self.folder.mkdir(parents=True, exist_ok=True)
        self._certificates(nodes)
        for name in self._programs():
            self._start(name)
        wait_until(self._ready, 60)
        (self.folder / "Corefile").write_text(self._corefile())
        self.processes.start(
            "coredns", inside(CONTROL_PLANE, (str(BIN / "coredns"), "-conf", f"{self.folder}/Corefile"))
        )

    def kill(self, *names: str) -> None:
        """Kill programs, such as etcd, as a power loss does."""
        for name in names:
            self.processes.kill(name)

    def resume(self, *names: str) -> None:
        """Start programs again on the data that they left, and wait until the API server is ready."""
        for name in names:
            self._start(name)
        wait_until(self._ready, 60)

    @contextmanager
    def away(self, *names: str) -> Iterator[None]:
        """Kill programs; after the body they run again, the last one first."""
        self.kill(*names)
        try:
            yield
        finally:
            self.resume(*reversed(names))

    def _start(self, name: str) -> None:
        self.processes.start(name, inside(CONTROL_PLANE, (str(BIN / name), *self._programs()[name])))

    def _ready(self) -> bool:
        command = (str(BIN / "kubectl"), "--kubeconfig", str(self.kubeconfig), "get", "--raw", "/readyz")
        return subprocess.run(inside(CONTROL_PLANE, command), check=False, capture_output=True).returncode == 0

    def _certificates(self, nodes: int) -> None:
        config = self.folder / "kubeadm.yaml"
        config.write_text(yaml.safe_dump_all(self._kubeadm()))
        self._run("init", "phase", "certs", "all", "--config", str(config))
        for user in ("admin", "super-admin", "controller-manager", "scheduler"):
            self._run(
                "init", "phase", "kubeconfig", user, "--config", str(config), "--kubeconfig-dir", str(self.folder)
            )
        users = {f"n{number}": f"system:node:n{number}" for number in range(1, nodes + 1)}
        for name, user in {**users, "proxy": "system:kube-proxy"}.items():
            group = () if name == "proxy" else ("--org", "system:nodes")
            text = self._run("kubeconfig", "user", "--config", str(config), "--client-name", user, *group)
            (self.folder / f"{name}.conf").write_text(text)

    def _run(self, *arguments: str) -> str:
        command = inside(CONTROL_PLANE, (str(BIN / "kubeadm"), *arguments))
        return subprocess.run(command, check=True, text=True, stdout=subprocess.PIPE).stdout

    def _kubeadm(self) -> list[dict[str, object]]:
        version = "kubeadm.k8s.io/v1beta4"
        return [
            {
                "apiVersion": version,
                "kind": "InitConfiguration",
                "localAPIEndpoint": {"advertiseAddress": ADDRESS, "bindPort": 6443},
                "nodeRegistration": {"name": "cp", "criSocket": "unix:///run/containerd/containerd.sock"},
            },
            {
                "apiVersion": version,
                "kind": "ClusterConfiguration",
                "kubernetesVersion": f"v{VERSION}",
                "certificatesDir": str(self.folder / "pki"),
                "controlPlaneEndpoint": f"{ADDRESS}:6443",
                "networking": {"serviceSubnet": SERVICE_RANGE, "podSubnet": POD_RANGE},
            },
        ]

    def _programs(self) -> dict[str, tuple[str, ...]]:
        """Return the arguments of each program, in the order of their start."""
        pki, folder = self.folder / "pki", self.folder
        return {
            # What a power loss takes is made again by the next test.
            "etcd": ("--data-dir", f"{folder}/etcd", "--unsafe-no-fsync", "--log-level", "warn"),
            "kube-apiserver": (
                *("--etcd-servers", "http://127.0.0.1:2379", "--advertise-address", ADDRESS, "--secure-port", "6443"),
                *("--service-cluster-ip-range", SERVICE_RANGE, "--allow-privileged"),
                *("--authorization-mode", "Node,RBAC", "--enable-admission-plugins", "NodeRestriction"),
                *("--tls-cert-file", f"{pki}/apiserver.crt", "--tls-private-key-file", f"{pki}/apiserver.key"),
                *("--client-ca-file", f"{pki}/ca.crt", "--kubelet-preferred-address-types", "InternalIP"),
                *("--kubelet-client-certificate", f"{pki}/apiserver-kubelet-client.crt"),
                *("--kubelet-client-key", f"{pki}/apiserver-kubelet-client.key"),
                *("--service-account-key-file", f"{pki}/sa.pub", "--service-account-signing-key-file", f"{pki}/sa.key"),
                *("--service-account-issuer", "https://kubernetes.default.svc.cluster.local"),
                # What KEDA's API server needs, which stands behind this one.
                *("--requestheader-client-ca-file", f"{pki}/front-proxy-ca.crt"),
                *("--requestheader-allowed-names", "front-proxy-client"),
                *("--requestheader-username-headers", "X-Remote-User"),
                *("--requestheader-group-headers", "X-Remote-Group"),
                *("--requestheader-extra-headers-prefix", "X-Remote-Extra-"),
                *("--proxy-client-cert-file", f"{pki}/front-proxy-client.crt"),
                *("--proxy-client-key-file", f"{pki}/front-proxy-client.key", "--enable-aggregator-routing"),
            ),
            "kube-controller-manager": (
                *("--kubeconfig", f"{folder}/controller-manager.conf", "--leader-elect=false"),
                *("--root-ca-file", f"{pki}/ca.crt", "--service-account-private-key-file", f"{pki}/sa.key"),
                *("--use-service-account-credentials", "--node-monitor-period", "2s"),
                *("--node-monitor-grace-period", f"{NODE_MONITOR_SECONDS}s"),
            ),
            "kube-scheduler": ("--kubeconfig", f"{folder}/scheduler.conf", "--leader-elect=false"),
        }

    def _corefile(self) -> str:
        return f"""\
.:53 {{
  bind {ADDRESS}
  errors
  kubernetes cluster.local in-addr.arpa {{
    kubeconfig {self.kubeconfig}
    ttl 1
  }}
  cache 1
}}
"""
