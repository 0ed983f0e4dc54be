"""What a cluster of the tests needs: installed where that is simple, named where it is not."""

from dataclasses import replace

import pytest

from bootstrap.errors import BootstrapError
from bootstrap.machine import Machine
from bootstrap.steps.cluster import PROGRAMS, cluster_steps
from tests.unit.bootstrap.machines import COMPLETE, FRESH

READY = replace(COMPLETE, commands=frozenset(PROGRAMS))


def test_fresh_machine_gets_packages_and_a_go() -> None:
    packages, go = cluster_steps(FRESH)
    assert str(packages.actions[-1]).endswith(" containerd iproute2 iptables procps runc util-linux")
    assert str(go.actions[0]).endswith("--require-hashes -r bootstrap/offline/requirements.txt")


def test_complete_machine_gets_nothing() -> None:
    assert cluster_steps(READY) == []


def test_docker_s_own_containerd_is_used() -> None:
    (step,) = cluster_steps(replace(READY, commands=frozenset(PROGRAMS) - {"iptables"}))
    assert str(step.actions[-1]).endswith(" --no-install-recommends iptables")


@pytest.mark.parametrize(
    ("machine", "cure"),
    [
        (replace(READY, root=False), "need root: sudo make verify-kubernetes"),
        (replace(FRESH, distribution="fedora"), "need containerd, ip, iptables, .*: install them"),
    ],
    ids=["no root", "fedora"],
)
def test_machine_that_cannot_have_one_is_told_why(machine: Machine, cure: str) -> None:
    with pytest.raises(BootstrapError, match=cure):
        cluster_steps(machine)
