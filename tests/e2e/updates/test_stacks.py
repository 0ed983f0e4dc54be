"""Every stack of the project previews on this machine."""

from pathlib import Path

import pytest
import yaml

from tests.e2e.project import SOURCE, Project, free_ports

STACKS = sorted(file.name.split(".")[1] for file in (SOURCE / "stacks").glob("Pulumi.*.yaml"))


@pytest.mark.parametrize("stack", STACKS)
def test_every_stack_previews(tmp_path: Path, stack: str) -> None:
    config = yaml.safe_load((SOURCE / "stacks" / f"Pulumi.{stack}.yaml").read_text())["config"]
    proxy_port, health_port = free_ports(2)
    edge = config.get("gateway:edge", {}) | {"proxy_port": proxy_port, "health_port": health_port}
    preview = Project(tmp_path, stack, config | {"gateway:edge": edge}).must("preview")
    assert "to create" in preview.output
