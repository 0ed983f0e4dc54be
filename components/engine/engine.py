"""What a component needs of an engine. Which engine runs a stack is decided in `components/stack/engine.py` alone."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

import pulumi

from components.engine.metrics import ExternalPrometheus
from components.engine.workload import DataVolume, Job, Service


class EngineKind(StrEnum):
    """Which engine runs a stack."""

    DOCKER = "docker"
    """One Docker engine, on this machine."""
    KUBERNETES = "kubernetes"
    """A namespace of a Kubernetes cluster."""

    @property
    def offers(self) -> str:
        """Subject and verb of a sentence that says how many processors or how much memory there are."""
        return "the machine has" if self is EngineKind.DOCKER else "the nodes have"


@dataclass(frozen=True)
class NameService:
    """How a container asks for the addresses of all containers that share an alias."""

    name: str
    """Of HAProxy's section that describes it."""
    nameserver: str | None
    """Address and port; None: those of the container's /etc/resolv.conf."""
    domain: str = ""
    """What follows an alias, such as `.gateway-prod.svc.cluster.local`. HAProxy knows no search list."""


DOCKER_NAMES = NameService("docker", "127.0.0.11:53")
"""Docker's own name server. It lists every container that shares the alias, also those still starting."""


@dataclass(frozen=True)
class JobRun:
    """A job that was started."""

    resource: pulumi.Resource
    """What others may depend on."""
    succeeded: pulumi.Output[str]
    """Id of the image that the job ran, known once the job has ended well. A preview takes that for granted. A failed
    job fails the update and prints its last log lines."""


class Engine(Protocol):
    """Runs the services and jobs of one stack."""

    @property
    def name_service(self) -> NameService:
        """How the edge finds the replicas."""

    @property
    def balances(self) -> bool:
        """Whether it leads clients to several containers of a service. Where it does not, an ingress has to."""

    @property
    def public_url(self) -> str | None:
        """The URL by which something of somebody else's leads clients to the proxy; None: they ask its ports."""

    @property
    def prometheus(self) -> ExternalPrometheus | None:
        """The Prometheus beside the stack that reads its metrics; None: the stack runs one."""

    def client_host(self, address: str) -> pulumi.Input[str]:
        """Return the host of a URL that leads to the ports of services; `address` is the host address of a port."""

    def create_volume(self, volume: DataVolume, parent: pulumi.Resource) -> pulumi.Output[str]:
        """Create a volume and return its name on the engine."""

    def run(
        self, service: Service, parent: pulumi.Resource, depends_on: Sequence[pulumi.Resource] = ()
    ) -> pulumi.Resource:
        """Start a service and wait until it is healthy.

        A service that does not become healthy fails the update, which prints its last log lines and its health log.
        """

    def run_replicas(
        self, service: Service, replicas: int, parent: pulumi.Resource, depends_on: Sequence[pulumi.Resource] = ()
    ) -> Sequence[pulumi.Resource]:
        """Start several containers of a service, which are alike. An update keeps as many of them healthy."""

    def run_once(
        self, job: Job, parent: pulumi.Resource, *, failure: str, depends_on: Sequence[pulumi.Resource] = ()
    ) -> JobRun:
        """Start a job and wait until it ends. `failure` is the first sentence of the error when it fails."""
