"""What only stacks with `engine: kubernetes` need."""

from dataclasses import replace

import pytest

from bootstrap.machine import Reachability
from bootstrap.plan import kubernetes_steps, plan
from bootstrap.steps.kubernetes import Installed
from bootstrap.versions import KUBERNETES_PLUGIN
from tests.unit.bootstrap.machines import COMPLETE, RECIPES

NOTHING = Installed(packages=False, plugin=False)
REACHABLE = replace(COMPLETE, vendors=Reachability.REACHABLE)


def test_machine_without_the_option_installs_nothing_of_kubernetes() -> None:
    assert plan(COMPLETE, RECIPES) == []


def test_packages_are_locked_ones() -> None:
    packages, _ = kubernetes_steps(REACHABLE, NOTHING)
    assert str(packages.actions[0]).endswith("--require-hashes -r requirements-kubernetes.txt")


def test_plugin_comes_from_pulumi_s_site_where_it_answers() -> None:
    _, plugin = kubernetes_steps(REACHABLE, NOTHING)
    (install, _) = map(str, plugin.actions)
    assert install.endswith(f"plugin install resource kubernetes {KUBERNETES_PLUGIN} --reinstall")


@pytest.mark.parametrize(("go", "used"), [("/usr/bin/go", "/usr/bin/go"), (None, ".venv/bin/go")])
def test_plugin_is_built_where_it_does_not(go: str | None, used: str) -> None:
    _, plugin = kubernetes_steps(replace(COMPLETE, vendors=Reachability.UNREACHABLE, go=go), NOTHING)
    _, build, install, _ = map(str, plugin.actions)
    assert build.split()[0].endswith(used)
    assert f"version.Version={KUBERNETES_PLUGIN}" in build
    assert install.endswith("/build-kubernetes/pulumi-resource-kubernetes --reinstall")


def test_what_is_installed_is_left_alone() -> None:
    assert kubernetes_steps(REACHABLE, Installed(packages=True, plugin=True)) == []
    assert [step.name for step in kubernetes_steps(REACHABLE, Installed(packages=True, plugin=False))] == [
        "pulumi-kubernetes"
    ]
