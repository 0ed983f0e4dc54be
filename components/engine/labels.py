"""Names and labels that tell one stack's containers, networks and volumes from another's on the same engine."""

from collections.abc import Mapping
from dataclasses import dataclass

import pulumi

STACK_LABEL = "gateway.stack"
WORKLOAD_LABEL = "gateway.workload"
IDENTITY_LABEL = "gateway.identity"
"""On a network or a volume: identity of the stack that made it. Two stacks of one name have two identities."""
IDENTITY_VOLUME = "identity"
"""An empty volume whose labels say whose the stack is, also where its networks and volumes have no identity."""
IDENTITY_FOLDER = "/run/identity"
"""Where every service mounts it, read-only."""
MADE_BY_LABEL = "gateway.made-by"
"""On that volume: who made the stack, in which folder, with which backend."""
ATTEMPT_LABEL = "gateway.attempt"
"""On a job: number of the attempt. A new number makes the job run again."""
MIGRATION_LABEL = "gateway.migration"
"""On the dump before a migration: version of that migration."""
DUMP_LABEL = "gateway.dump"
"""On a migration: that the dump before it succeeded."""
SCHEMA_LABEL = "gateway.schema"
"""On a replica: the image whose migration succeeded before the replica started."""


@dataclass(frozen=True)
class Labels:
    """Names of one stack. The autonaming pattern in Pulumi.yaml gives Pulumi's own names the same prefix."""

    project: str
    stack: str

    def container_name(self, workload: str) -> str:
        """Return the name of a container of which there is exactly one, such as gateway-dev-postgres."""
        return f"{self.project}-{self.stack}-{workload}"

    def of_stack(self) -> dict[str, str]:
        """Return the label of everything that belongs to the stack."""
        return {STACK_LABEL: self.stack}

    def of_identity(self, identity: pulumi.Input[str]) -> dict[str, pulumi.Input[str]]:
        """Return the labels of a network or a volume."""
        return {IDENTITY_LABEL: identity, **self.of_stack()}

    def of_workload(
        self, workload: str, more: Mapping[str, pulumi.Input[str]] | None = None
    ) -> dict[str, pulumi.Input[str]]:
        """Return a container's labels, sorted: its stack, its workload, and `more`."""
        labels: dict[str, pulumi.Input[str]] = {**self.of_stack(), WORKLOAD_LABEL: workload, **(more or {})}
        return dict(sorted(labels.items()))
