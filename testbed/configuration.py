"""Configurations for stacks of the tests, made of those of the project's own stacks."""

from typing import Any

import yaml

from testbed.ports import free_ports
from testbed.project import SOURCE

BASELINE = SOURCE / "testbed" / "stacks" / "Pulumi.baseline.yaml"
"""The plain deployment that the project's stacks harden; tests and benchmarks compare with it."""


def read(stack: str) -> dict[str, Any]:
    """Return the configuration of one of the project's stacks, or of `baseline`."""
    file = BASELINE if stack == "baseline" else SOURCE / "stacks" / f"Pulumi.{stack}.yaml"
    config: dict[str, Any] = yaml.safe_load(file.read_text())["config"]
    return config


def edge_ports() -> dict[str, int]:
    """Return settings of the edge: ports that are free."""
    proxy_port, health_port = free_ports(2)
    return {"proxy_port": proxy_port, "health_port": health_port}


def development() -> dict[str, Any]:
    """Return the configuration of `dev` with ports that are free."""
    return read("dev") | {"gateway:edge": edge_ports()}
