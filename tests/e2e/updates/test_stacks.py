"""Every stack of the project that runs on Docker previews on this machine. tests/kubernetes has the other."""

from pathlib import Path

import pytest

from ops.stack.project import stack_names
from testbed.configuration import edge_ports, read
from testbed.project import Project

STACKS = [name for name in ["baseline", *stack_names()] if read(name).get("gateway:engine") != "kubernetes"]


@pytest.mark.parametrize("stack", STACKS)
def test_every_stack_previews(tmp_path: Path, stack: str) -> None:
    config = read(stack)
    config["gateway:edge"] = config.get("gateway:edge", {}) | edge_ports()
    another_name = f"{stack}-previewed"  # The machine may run a gateway of the stack's own name.
    assert "to create" in Project(tmp_path, another_name, config).must("preview").output
