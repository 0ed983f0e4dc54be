"""What the tests of Kubernetes start a cluster with: a container runtime, network tools, and Go to build the rest."""

from collections.abc import Mapping

from bootstrap.errors import BootstrapError
from bootstrap.execution.shell import Command
from bootstrap.execution.step import Lane, Step
from bootstrap.machine import Machine
from bootstrap.steps.apt import apt_install

PROGRAMS: Mapping[str, str] = {
    "containerd": "containerd",
    "ip": "iproute2",
    "iptables": "iptables",
    "nsenter": "util-linux",
    "pgrep": "procps",
    "runc": "runc",
    "sysctl": "procps",
}
"""Program → the package of Debian and Ubuntu that has it."""


def cluster_steps(machine: Machine) -> list[Step]:
    """Return the steps for what is missing. A Go comes from PyPI; the cluster's own programs are built by the tests.

    Raises:
        BootstrapError: without root, which a cluster's nodes need; or where apt cannot install what is missing.
    """
    if not machine.root:
        raise BootstrapError("the nodes of a test cluster need root: sudo make verify-kubernetes")
    steps = []
    missing = sorted(PROGRAMS.keys() - machine.commands)
    if missing and not machine.debian_like:
        raise BootstrapError(f"the nodes of a test cluster need {', '.join(missing)}: install them")
    if missing:
        packages = sorted({PROGRAMS[name] for name in missing})
        reason = f"not installed: {', '.join(missing)}; a test cluster needs them"
        steps.append(Step("test-cluster", reason, Lane.DOCKER, apt_install(*packages)))
    if machine.go is None:
        pip = (".venv/bin/python", "-m", "pip", "install", "-q", "--require-hashes")
        install = Command((*pip, "-r", "bootstrap/offline/requirements.txt"))
        steps.append(Step("test-cluster-go", "no Go recent enough to build Kubernetes", Lane.DOCKER, (install,)))
    return steps
