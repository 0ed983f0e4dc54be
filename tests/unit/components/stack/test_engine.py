"""Which engine runs a stack, and what that loads."""

import re
import subprocess
import sys

import pulumi
import pytest

from components.engine.labels import Labels
from components.stack import engine
from components.stack.settings import Settings
from tests.unit.program import PROJECT

CLUSTER = Settings.model_validate({"engine": "kubernetes", "kubernetes": {"context": "test"}})
LOADS_NOTHING = """
import sys
sys.modules |= dict.fromkeys(("kubernetes", "pulumi_kubernetes"))
import components.stack.engine, components.stack.read, ops.cli.up, ops.cli.doctor
"""

LACKS = """
import sys
sys.modules["{}"] = None
import pulumi
from components.stack import engine
try:
    engine._kubernetes()
except pulumi.RunError as error:
    print(error)
"""
"""A program on a machine without one of the packages."""


def test_docker_s_stacks_load_nothing_of_kubernetes() -> None:
    subprocess.run([sys.executable, "-c", LOADS_NOTHING], cwd=PROJECT, check=True)


@pytest.mark.parametrize("package", ["kubernetes", "pulumi_kubernetes"])
def test_missing_package_names_the_cure(package: str) -> None:
    ended = subprocess.run(
        [sys.executable, "-c", LACKS.format(package)], cwd=PROJECT, check=True, capture_output=True, text=True
    )
    needed = re.fullmatch(
        r"engine: kubernetes needs (\w+), which is not installed: `bootstrap/run --kubernetes`\n", ended.stdout
    )
    assert needed
    assert needed[1] in ("kubernetes", "pulumi_kubernetes"), "the first that is missing"


def test_stack_without_a_usable_namespace_is_refused() -> None:
    assert CLUSTER.kubernetes
    with pytest.raises(
        pulumi.RunError, match=r"^kubernetes\.namespace: gateway-test- is no name of a namespace; set one$"
    ):
        engine._namespace(CLUSTER.kubernetes, Labels("gateway", "test_"))
