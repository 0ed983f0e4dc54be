"""A stack on a Docker engine."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

import httpx
from pulumi.automation import Stack

from components.engine.connection.endpoint import find_endpoint
from components.engine.host.images import PULL_TIMEOUT_SECONDS, missing_images, pull
from components.engine.host.ports import published_ports
from components.engine.labels import STACK_LABEL, WORKLOAD_LABEL
from components.engine.ownership import EngineObject, observe_objects
from ops.errors import OperationError
from ops.stack.engines.docker_engine import docker_engine, remove_object, stack_containers
from ops.stack.engines.docker_part import DockerPart
from ops.stack.state import recorded_resources

REMOVE_TIMEOUT_SECONDS = 120
"""Time for the engine to end and remove one container."""


@dataclass(frozen=True)
class DockerStack:
    """The containers, networks and volumes of one stack's name; see StackEngine."""

    name: str

    def objects(self) -> tuple[EngineObject, ...]:
        """Return them."""
        with docker_engine() as engine:
            return observe_objects(engine, self.name, engine.containers.list(all=True, ignore_removed=True))

    def remove(self, object_: EngineObject) -> None:
        """Remove one of them."""
        with docker_engine(REMOVE_TIMEOUT_SECONDS) as engine:
            remove_object(engine, object_)

    @contextmanager
    def part(self, name: str, silence: int) -> Iterator[DockerPart | None]:
        """Open a running container of a part."""
        labels = [f"{STACK_LABEL}={self.name}", f"{WORKLOAD_LABEL}={name}"]
        with docker_engine(silence) as engine:
            found = engine.containers.list(filters={"label": labels})
            yield DockerPart(found[0], silence) if found else None

    def require_parts(self, stack: Stack) -> None:
        """Check that the engine has a container of a stack that was deployed before."""
        if stack_containers(self.name):
            return
        recorded = [each for each in recorded_resources(stack.export_stack().deployment) if each.is_container]
        if recorded:
            endpoint = find_endpoint()
            raise OperationError(
                f"none of {self.name}'s {len(recorded)} containers is on the engine at {endpoint.host}"
                f" ({endpoint.origin}): choose the one that has them (`docker context use`), or if they were removed,"
                f" `python -m ops recover {self.name}`"
            )

    def require_own_port(self, proxy_url: str) -> None:
        """Check that a running container of the stack publishes the port."""
        port = httpx.URL(proxy_url).port
        running = (each for each in stack_containers(self.name) if each.status == "running")
        if not any(port in published_ports(container.attrs) for container in running):
            endpoint = find_endpoint()
            engine = "" if endpoint.is_default else f" on the engine that {endpoint.origin} names"
            raise OperationError(
                f"no container of {self.name} listens on {proxy_url}{engine}, so nothing was sent;"
                f" run `python -m ops up {self.name}`"
            )

    def reachable_urls(self, urls: Mapping[str, str]) -> Mapping[str, str]:
        """Return the URLs as they are."""
        return urls

    def fetch_images(self, references: Sequence[str]) -> None:
        """Pull those that the engine lacks. A preview has refused those that only this machine can build."""
        with docker_engine(PULL_TIMEOUT_SECONDS) as engine:
            if failures := pull(engine, missing_images(engine, references).pulled, print):
                raise OperationError("\n".join(failures))
