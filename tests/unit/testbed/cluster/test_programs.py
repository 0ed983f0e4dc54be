"""The programs of the test cluster."""

import re

import pytest

from testbed.cluster.programs import COMMANDS, MODULES, SOURCES, VERSION, GoModule

KUBERNETES = next(module for module in MODULES if module.name == "kubernetes")


def test_every_program_is_of_one_release_of_kubernetes() -> None:
    text = (SOURCES / "kubernetes" / "go.mod").read_text()
    assert f"k8s.io/kubernetes v{VERSION}\n" in text
    staging = re.findall(r"=> k8s\.io/[\w-]+ v(\S+)", text)
    assert set(staging) == {f"0.{VERSION.partition('.')[2]}"}


def test_module_keeps_what_the_programs_need() -> None:
    tools = (SOURCES / "kubernetes" / "tools.go").read_text()
    assert {command for command in COMMANDS if f'"k8s.io/kubernetes/cmd/{command}"' in tools} == set(COMMANDS)


def test_programs_say_their_release() -> None:
    flags = KUBERNETES.command("go")[4]
    assert f"-X k8s.io/component-base/version.gitVersion=v{VERSION}" in flags


@pytest.mark.parametrize("module", MODULES, ids=lambda module: str(module.name))
def test_another_go_or_source_is_another_build(module: GoModule) -> None:
    assert module.stamp("go") == module.stamp("go")
    assert module.stamp("go") != module.stamp("/usr/bin/go")
