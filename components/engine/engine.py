"""What a component needs of an engine. Which engine runs a stack is decided in `__main__.py` alone."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import pulumi

from components.engine.workload import Job, Service


@dataclass(frozen=True)
class JobRun:
    """A job that was started."""

    resource: pulumi.Resource
    """What others may depend on."""
    succeeded: pulumi.Output[str]
    """Id of the image that the job ran, known once the job has ended well. A failed job fails the update and prints its
    last log lines."""


class Engine(Protocol):
    """Runs the services and jobs of one stack."""

    def create_volume(self, name: str, parent: pulumi.Resource) -> pulumi.Output[str]:
        """Create a volume for data and return its name on the engine."""

    def run(
        self, service: Service, parent: pulumi.Resource, depends_on: Sequence[pulumi.Resource] = ()
    ) -> pulumi.Resource:
        """Start a service and wait until it is healthy.

        A service that does not become healthy fails the update, which prints its last log lines and its health log.
        """

    def run_once(
        self, job: Job, parent: pulumi.Resource, *, failure: str, depends_on: Sequence[pulumi.Resource] = ()
    ) -> JobRun:
        """Start a job and wait until it ends. `failure` is the first sentence of the error when it fails."""
