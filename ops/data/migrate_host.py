"""Makes a stack anew on an engine that has nothing of it, with the secrets that its state keeps."""

import json
import tempfile
from collections.abc import Mapping
from typing import Any

import docker
from docker.errors import DockerException
from pulumi.automation import Stack

from components.engine.labels import STACK_LABEL
from ops.errors import OperationError

KEPT = ("pulumi:", "random:", "gateway:index:Secrets")
"""Beginnings of the types of resources that are no part of an engine."""


def make(name: str, stack: Stack) -> None:
    """Forget the engine that is gone and update the stack: all but its secrets is made anew.

    Raises:
        OperationError: when this engine has parts of the stack, since they would be forgotten too.
    """
    if found := parts(name):
        raise OperationError(
            f"this engine has parts of {name}, {found[0]} among them: --new-host is for one that has none"
        )
    # Encrypted as they stand in the state: nothing in clear touches the disk.
    state = json.loads(_pulumi(stack, "export"))
    with tempfile.NamedTemporaryFile("w", suffix=".json") as file:
        json.dump(without_engine(state), file)
        file.flush()
        _pulumi(stack, "import", "--file", file.name)
    stack.up(on_output=print)


def without_engine(state: Mapping[str, Any]) -> dict[str, Any]:
    """Give the state without what stood on the engine.

    Pulumi's own way, a refresh, ends at the first volume that is gone: the provider takes it for an error.
    """
    deployment = state["deployment"]
    kept = [each for each in deployment.get("resources") or [] if str(each["type"]).startswith(KEPT)]
    return {**state, "deployment": {**deployment, "resources": kept, "pending_operations": []}}


def parts(name: str) -> list[str]:
    """Name the stack's containers and volumes on this engine.

    Raises:
        OperationError: when the engine does not answer.
    """
    filters: dict[str, Any] = {"label": f"{STACK_LABEL}={name}"}
    try:
        engine = docker.from_env()
        containers = engine.containers.list(all=True, filters=filters)
        volumes = engine.volumes.list(filters=filters)
    except (DockerException, OSError) as error:
        raise OperationError(f"the Docker engine did not answer: {error}") from error
    return sorted([*(str(each.name) for each in containers), *(str(each.id) for each in volumes)])


def _pulumi(stack: Stack, *arguments: str) -> str:
    workspace = stack.workspace
    command = ["stack", *arguments, "--stack", stack.name]
    return workspace.pulumi_command.run(command, workspace.work_dir, workspace.env_vars).stdout
