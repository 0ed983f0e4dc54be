"""Deploy a stack on an engine that has nothing of it, with the secrets that its state keeps."""

import json
import tempfile
from collections.abc import Mapping
from typing import Any

from pulumi.automation import Stack

from ops.errors import OperationError
from ops.stack.engines.engine import stack_engine
from ops.stack.update_message import with_author

KEPT_TYPES = ("pulumi:", "random:", "gateway:index:Secrets")
"""Prefixes of the types of resources that are kept: they are not on the engine."""


def migrate_host(name: str, stack: Stack) -> None:
    """Remove the old engine's resources from the state, then update: all but the secrets is created again.

    Raises:
        OperationError: if this engine has parts of the stack; they would be lost to Pulumi.
    """
    if found := parts_on_engine(name):
        raise OperationError(
            f"this engine has parts of {name}, {found[0]} among them: --new-host is for an engine without any"
        )
    # Secrets stay encrypted as in the state; nothing is written to disk in clear.
    state = json.loads(_pulumi(stack, "export"))
    with tempfile.NamedTemporaryFile("w", suffix=".json") as file:
        json.dump(without_engine(state), file)
        file.flush()
        _pulumi(stack, "import", "--file", file.name)
    stack.up(on_output=print, message=with_author("deploy on a new host"))


def without_engine(state: Mapping[str, Any]) -> dict[str, Any]:
    """Return the state without the resources on the engine.

    Pulumi's own way, a refresh, fails at the first missing volume: the provider reports it as an error.
    """
    deployment = state["deployment"]
    kept = [each for each in deployment.get("resources") or [] if str(each["type"]).startswith(KEPT_TYPES)]
    return {**state, "deployment": {**deployment, "resources": kept, "pending_operations": []}}


def parts_on_engine(name: str) -> list[str]:
    """Return the names of what this engine has of the stack.

    Raises:
        OperationError: if the engine does not answer.
    """
    return sorted(each.name for each in stack_engine(name).objects())


def _pulumi(stack: Stack, *arguments: str) -> str:
    workspace = stack.workspace
    command = ["stack", *arguments, "--stack", stack.name]
    return workspace.pulumi_command.run(command, workspace.work_dir, workspace.env_vars).stdout
