"""A stack's running gateway: where it answers, with which key, and whether it is this stack's own."""

from collections.abc import Iterable
from dataclasses import dataclass, field

import docker
import httpx
from docker.models.containers import Container

from components.engine.labels import STACK_LABEL
from components.engine.preflight import unreachable
from components.stack.settings import Settings
from ops.errors import OperationError
from ops.stack.admin import bearer
from ops.stack.automation import existing, never_up, settings_of
from ops.update.deploy import output

ENGINE_PATIENCE = 15
"""Seconds for one answer of the Docker engine."""


@dataclass(frozen=True)
class Gateway:
    """What a verb needs to ask a gateway."""

    stack: str
    proxy_url: str
    health_url: str
    """Of the liveliness."""
    master_key: str = field(repr=False)
    settings: Settings = field(repr=False)

    @property
    def host(self) -> dict[str, str]:
        """The header that names a host which the edge serves, where it does not serve all."""
        return self.settings.edge.host_header

    @property
    def headers(self) -> dict[str, str]:
        """What each request to the proxy carries: the key, and the host."""
        return bearer(self.master_key) | self.host


def find(name: str) -> Gateway:
    """Read where a stack's gateway answers.

    Raises:
        OperationError: when the stack is unknown or was never up, or its settings are wrong.
    """
    stack = existing(name)
    outputs = stack.outputs()
    if "proxy_url" not in outputs:
        raise OperationError(never_up(name))
    return Gateway(
        name,
        proxy_url=output(outputs, "proxy_url"),
        health_url=output(outputs, "health_url"),
        master_key=output(outputs, "master_key"),
        settings=settings_of(stack),
    )


def containers(stack: str) -> list[Container]:
    """Give the stack's containers as the engine knows them, running or not.

    Raises:
        OperationError: when the engine does not answer.
    """
    try:
        client = docker.from_env(timeout=ENGINE_PATIENCE)
        return list(client.containers.list(all=True, filters={"label": f"{STACK_LABEL}={stack}"}, ignore_removed=True))
    except (docker.errors.DockerException, OSError) as error:
        raise OperationError(unreachable(str(error))) from error


def require_own_port(gateway: Gateway) -> None:
    """Refuse to send the stack's key, or load, to what may be another's: stacks may share a port, one after the other.

    Raises:
        OperationError: when no running container of this stack holds the port of its address.
    """
    port = httpx.URL(gateway.proxy_url).port
    if port not in published(containers(gateway.stack)):
        raise OperationError(
            f"{gateway.proxy_url} is not held by a container of {gateway.stack}: nothing is sent there;"
            f" run `python -m ops up {gateway.stack}`"
        )


def published(present: Iterable[Container]) -> set[int]:
    """Give the host ports that the running ones of these containers hold."""
    return {
        int(binding["HostPort"])
        for container in present
        if container.status == "running"
        for bindings in (container.attrs["NetworkSettings"]["Ports"] or {}).values()
        for binding in bindings or []
    }
