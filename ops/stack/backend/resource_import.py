"""Put resources that exist into a state that has lost them."""

import json
import re
import subprocess
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pulumi.automation import Stack

from components.engine.ownership import EngineObject, ObjectKind
from ops.errors import OperationError, pulumi_errors
from ops.stack.project import PROJECT_NAME
from ops.stack.state import NETWORK, PASSWORD, VOLUME, Deployment, component_urns

SECRETS = "secrets"
PARENTS: Mapping[str, tuple[str, str]] = {
    "data-network": ("gateway:index:Networks", "networks"),
    "front-network": ("gateway:index:Networks", "networks"),
    "postgres-data": ("gateway:index:Postgres", "postgres"),
    "redis-data": ("gateway:index:Redis", "redis"),
    "backups": ("gateway:index:Backup", "backup"),
    "prometheus-data": ("gateway:index:Monitoring", "monitoring"),
}
"""Resource that can be imported → type and name of its component. What is not here holds nothing that is missed."""
TYPES = {ObjectKind.NETWORK: NETWORK, ObjectKind.VOLUME: VOLUME}


@dataclass(frozen=True)
class Import:
    """One resource to import."""

    type: str
    name: str
    id: str
    parent_type: str
    parent: str


def resource_of(object_: EngineObject, stack: str) -> str:
    """Return the name that the program gives a network or volume, from its name on the engine; empty if unknown."""
    found = re.fullmatch(rf"{PROJECT_NAME}-{re.escape(stack)}-(.+)-[0-9a-f]{{5}}", object_.name)
    return found[1] if found else ""


def importable(objects: Iterable[EngineObject], stack: str) -> list[Import]:
    """Return the networks and volumes that the program would create otherwise.

    Raises:
        OperationError: if two of them stand for one resource.
    """
    found: dict[str, Import] = {}
    for object_ in objects:
        name = resource_of(object_, stack)
        if object_.kind not in TYPES or name not in PARENTS:
            continue
        if name in found:
            raise OperationError(
                f"{found[name].id} and {object_.id} are both {name} of {stack}: remove the one without data"
            )
        found[name] = Import(TYPES[object_.kind], name, object_.id, *PARENTS[name])
    return list(found.values())


def passwords(values: Mapping[str, str]) -> list[Import]:
    """Return the generated secrets; `values` are theirs by the names of their resources."""
    return [Import(PASSWORD, name, value, "gateway:index:Secrets", SECRETS) for name, value in values.items()]


def import_document(imports: Sequence[Import], known: Mapping[str, str]) -> dict[str, Any]:
    """Return what `pulumi import --file` reads; `known` are URNs of the components in the state, by name."""
    parents = {(each.parent_type, each.parent) for each in imports if each.parent not in known}
    return {
        "nameTable": {name: urn for name, urn in known.items() if name in {each.parent for each in imports}},
        "resources": [
            *({"type": kind, "name": name, "component": True} for kind, name in sorted(parents)),
            *({"type": each.type, "name": each.name, "parent": each.parent, "id": each.id} for each in imports),
        ],
    }


def import_resources(stack: Stack, imports: Sequence[Import], deployment: Deployment | None) -> None:
    """Put resources that exist into the state. They go through a pipe: some are secrets.

    Raises:
        OperationError: if Pulumi refuses.
    """
    document = import_document(imports, component_urns(deployment))
    command = ["pulumi", "import", "--file", "/dev/stdin", "--stack", stack.name, "--non-interactive"]
    command += ["--generate-code=false", "--protect=false", "--skip-preview", "--yes", "--suppress-outputs"]
    ended = subprocess.run(
        command,
        cwd=stack.workspace.work_dir,
        input=json.dumps(document),
        capture_output=True,
        text=True,
        check=False,
    )
    if ended.returncode:
        reason = pulumi_errors(f"{ended.stdout}\n{ended.stderr}")
        for each in imports:
            reason = reason.replace(each.id, each.name) if each.type == PASSWORD else reason
        raise OperationError(f"{stack.name}: the engine's resources could not be imported: {reason}")
