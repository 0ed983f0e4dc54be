"""The programs of the cluster, built once into .cache/cluster."""

import hashlib
import os
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from bootstrap.offline.toolchain import find_go
from bootstrap.project import ROOT

SOURCES = Path(__file__).with_name("programs")
CACHE = ROOT / ".cache" / "cluster"
BIN = CACHE / "bin"
CNI_BIN = BIN / "cni"
VERSION = "1.34.4"
"""Kubernetes. Later releases refuse cgroup v1 by default, which many machines with Docker still have."""
COMMANDS = (
    "kube-apiserver",
    "kube-controller-manager",
    "kube-proxy",
    "kube-scheduler",
    "kubeadm",
    "kubectl",
    "kubelet",
)
CNI_PLUGINS = ("ipam/host-local", "main/bridge", "main/loopback", "meta/portmap")


@dataclass(frozen=True)
class GoModule:
    """A Go module, and what is built of it."""

    name: str
    packages: tuple[str, ...]
    output: Path
    """The one program, or a folder with all of them."""
    linker_flags: str = "-s -w"
    tags: str = ""
    """Build tags, separated by commas."""

    @property
    def is_folder(self) -> bool:
        """Whether the output is a folder."""
        return len(self.packages) > 1

    def program(self, name: str) -> Path:
        """Return the file of a program."""
        return self.output / name if self.is_folder else self.output

    def command(self, go: str) -> tuple[str, ...]:
        """Return the command that builds it."""
        # By the slash Go knows a folder.
        folder = "/" if self.is_folder else ""
        flags = ("-trimpath", "-ldflags", self.linker_flags)
        tags = ("-tags", self.tags) if self.tags else ()
        return (go, "build", *flags, *tags, "-o", f"{self.output}{folder}", *self.packages)

    def stamp(self, go: str) -> str:
        """Return a digest of all that decides what is built."""
        digest = hashlib.sha256(repr(self.command(go)).encode())
        for file in sorted(file for file in (SOURCES / self.name).rglob("*") if file.is_file()):
            digest.update(file.read_bytes())
        return digest.hexdigest()


def _version_flags() -> str:
    major, minor, _ = VERSION.split(".")
    values = {"gitVersion": f"v{VERSION}", "gitMajor": major, "gitMinor": minor}
    packages = ("k8s.io/component-base/version", "k8s.io/client-go/pkg/version")
    return " ".join(
        ["-s -w", *(f"-X {package}.{name}={value}" for package in packages for name, value in values.items())]
    )


MODULES = (
    GoModule(
        "kubernetes",
        (*(f"k8s.io/kubernetes/cmd/{command}" for command in COMMANDS), "./etcd"),
        BIN,
        _version_flags(),
    ),
    GoModule(
        "cni", tuple(f"github.com/containernetworking/plugins/plugins/{plugin}" for plugin in CNI_PLUGINS), CNI_BIN
    ),
    GoModule("coredns", (".",), BIN / "coredns"),
    GoModule("pause", (".",), BIN / "pause"),
)


def build(modules: Sequence[GoModule] = MODULES) -> None:
    """Build what is missing or outdated. The cluster's own programs take eleven minutes of processor time.

    Raises:
        subprocess.CalledProcessError: when a build fails; its output says why.
        RuntimeError: when there is no Go.
    """
    go = find_go()
    if go is None:
        raise RuntimeError("no Go that is recent enough: run bootstrap/run")
    environment = {**os.environ, "CGO_ENABLED": "0", "GOTOOLCHAIN": "local"}
    CNI_BIN.mkdir(parents=True, exist_ok=True)
    for module in modules:
        file, wanted = CACHE / f"{module.name}.stamp", module.stamp(go)
        if file.is_file() and file.read_text() == wanted:
            continue
        subprocess.run(module.command(go), cwd=SOURCES / module.name, env=environment, check=True)
        file.write_text(wanted)
