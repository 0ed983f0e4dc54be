"""The names and labels that tell one stack's parts from another's on the same engine."""

from collections.abc import Mapping
from dataclasses import dataclass

import pulumi
import pulumi_docker as docker

STACK_LABEL = "gateway.stack"
WORKLOAD_LABEL = "gateway.workload"
ATTEMPT_LABEL = "gateway.attempt"
"""On a one-shot container: which try it is. A new value makes it run again."""
MIGRATION_LABEL = "gateway.migration"
"""On what dumps before a migration: which migration that is."""
DUMP_LABEL = "gateway.dump"
"""On a migration: that the dump before it succeeded."""
SCHEMA_LABEL = "gateway.schema"
"""On a replica: the image whose migration succeeded before it started."""


@dataclass(frozen=True)
class Labels:
    """Names of one stack. Pulumi.yaml's autonaming pattern gives the same prefix to names made by Pulumi."""

    project: str
    stack: str

    def container_name(self, workload: str) -> str:
        """Name a part of which there is exactly one, e.g. gateway-dev-postgres."""
        return f"{self.project}-{self.stack}-{workload}"

    def of(self, workload: str, more: Mapping[str, pulumi.Input[str]] | None = None) -> list[docker.ContainerLabelArgs]:
        """Label a container with its stack and workload, so that the engine's own tools find it."""
        labels: dict[str, pulumi.Input[str]] = {STACK_LABEL: self.stack, WORKLOAD_LABEL: workload, **(more or {})}
        return [docker.ContainerLabelArgs(label=label, value=value) for label, value in sorted(labels.items())]
