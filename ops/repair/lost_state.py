"""Make the state of a running gateway anew, when every copy of it is lost."""

import io
import json
import re
import shlex
import tarfile
import tempfile
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import typer
from docker.errors import NotFound
from pulumi import automation
from pulumi.automation import Stack

from components.engine.labels import STACK_LABEL, WORKLOAD_LABEL
from components.engine.ownership import EngineObject, refusal
from components.engine.workload import SECRETS_FOLDER
from components.identity import IDENTITY_KEEPER
from components.litellm.environment import ENVIRONMENT_FILE
from components.secrets import KEY_PREFIX
from ops.errors import OperationError
from ops.stack.automation import require_passphrase
from ops.stack.backend.ownership import stack_objects
from ops.stack.backend.resource_import import import_resources, importable, passwords
from ops.stack.backend.state_file import StateFolder, require_whole_state
from ops.stack.config_file import master_key_generation
from ops.stack.engines.docker_engine import docker_engine
from ops.stack.project import PROJECT, configuration_file, read_configuration
from ops.stack.state import resource_name, stack_identity

RAW_STATE_DELTA = "__pulumi_raw_state_delta"
"""Output in which Pulumi's bridge keeps what it cannot read back from the other outputs."""
FOLDER_BACKEND = re.compile(r" with file://(?P<folder>.+)$")


def rebuild_state(name: str, *, yes: bool) -> None:
    """Read the secrets from a replica and make a state that holds them, the networks and the volumes.

    Raises:
        OperationError: if the backend has a state of the stack, the old state is not lost, nothing of the stack is on
            this engine, or no replica has its secrets; nothing was changed then.
    """
    generation = master_key_generation(read_configuration(configuration_file(name)))
    require_passphrase()
    require_whole_state(name)
    objects = stack_objects(name)
    require_lost(name, objects)
    secrets = read_secrets(name)
    print(f"{name}: this engine has {len(objects)} containers, networks and volumes of it that no state knows.")
    print("A new state takes them over. Networks, data and all keys stay; each container is replaced, Postgres first.")
    for made_by in sorted({object_.made_by for object_ in objects if object_.made_by}):
        print(f"It was made by {made_by}. Make sure that nobody has that state any more.")
    if not yes:
        typer.confirm("Make the state anew?", abort=True)
    stack = automation.create_or_select_stack(stack_name=name, work_dir=str(PROJECT))
    deployment = stack.export_stack().deployment
    if stack_identity(deployment):
        raise OperationError(f"{name} has a state here: `python -m ops recover {name}` repairs it")
    try:
        import_resources(stack, [*passwords(secrets), *importable(objects, name)], deployment)
        set_keepers(stack, keepers(identity_on_engine(objects), generation))
    except BaseException:
        # With half of it the next attempt would find a state here.
        stack.workspace.remove_stack(name, force=True, preserve_config=True)
        raise
    print(f"{name} has a state again")


def require_lost(name: str, objects: Iterable[EngineObject]) -> None:
    """Check that objects run, that they are of one stack, and that its state is not where it was made.

    Raises:
        OperationError: if not.
    """
    found = list(objects)
    if not found:
        raise OperationError(
            f"nothing of {name} is on this engine: with the salt key and a dump, see docs/runbook.md, The state is lost"
        )
    identities = {object_.identity for object_ in found if object_.identity}
    if len(identities) > 1:
        foreign = [object_ for object_ in found if object_.identity != min(identities)]
        raise OperationError(f"{name}: two states made parts here, so neither can be taken over: "
                             f"{refusal(name, foreign, found)}")  # fmt: skip
    for lost in (FOLDER_BACKEND.search(object_.made_by or "") for object_ in found):
        kept = StateFolder(Path(lost["folder"], ".pulumi"), name).state if lost else None
        if lost and kept and kept.is_file():
            raise OperationError(
                f"{name}: its state is not lost, {kept} has it; set PULUMI_BACKEND_URL=file://{lost['folder']}"
            )


def identity_on_engine(objects: Iterable[EngineObject]) -> str | None:
    """Return the identity that the objects carry; None if they have none."""
    return next((object_.identity for object_ in objects if object_.identity), None)


def read_secrets(name: str) -> dict[str, str]:
    """Return the generated secrets by the names of their resources, from a replica, which may be stopped.

    Raises:
        OperationError: if there is no replica.
    """
    with docker_engine() as engine:
        for container in engine.containers.list(all=True, filters={"label": f"{STACK_LABEL}={name}"}):
            if not re.fullmatch(r"litellm-\d+", container.labels.get(WORKLOAD_LABEL, "")):
                continue
            try:
                pieces, _ = container.get_archive(f"{SECRETS_FOLDER}/{ENVIRONMENT_FILE}")
            except NotFound:
                continue
            with tarfile.open(fileobj=io.BytesIO(b"".join(pieces))) as archive:
                member = archive.extractfile(archive.getmembers()[0])
                return parse_secrets(member.read().decode() if member else "")
    raise OperationError(
        f"{name}: no replica holds its secrets any more; with the salt key and a dump, see docs/runbook.md,"
        " The state is lost"
    )


def parse_secrets(environment: str) -> dict[str, str]:
    """Return the generated secrets of a replica's file of variables."""
    # The shell's own reading: a value may have several lines.
    values = dict(word.partition("=")[::2] for word in shlex.split(environment) if "=" in word)
    password = re.search(r"//[^:]+:([^@]+)@", values["DATABASE_URL"])
    found = {
        "salt-key": values["LITELLM_SALT_KEY"].removeprefix(KEY_PREFIX),
        "master-key": values["LITELLM_MASTER_KEY"].removeprefix(KEY_PREFIX),
        "postgres-password": password[1] if password else "",
        "redis-password": values.get("REDIS_PASSWORD", ""),
    }
    return {name: value for name, value in found.items() if value}


def keepers(identity: str | None, generation: int) -> dict[str, dict[str, str]]:
    """Return the keepers that the program will ask for, by the names of the secrets."""
    return {
        **({"salt-key": {IDENTITY_KEEPER: identity}} if identity else {}),
        **({"master-key": {"generation": str(generation)}} if generation > 1 else {}),
    }


def set_keepers(stack: Stack, wanted: Mapping[str, Mapping[str, str]]) -> None:
    """Give secrets of the state their keepers; an import has none, and other ones would replace a secret."""
    workspace = stack.workspace
    command = ["stack", "export", "--stack", stack.name]
    state = json.loads(workspace.pulumi_command.run(command, workspace.work_dir, workspace.env_vars).stdout)
    # Secrets stay encrypted.
    with tempfile.NamedTemporaryFile("w", suffix=".json") as file:
        json.dump(with_keepers(state, wanted), file)
        file.flush()
        command = ["stack", "import", "--stack", stack.name, "--file", file.name]
        workspace.pulumi_command.run(command, workspace.work_dir, workspace.env_vars)


def with_keepers(state: Mapping[str, Any], wanted: Mapping[str, Mapping[str, str]]) -> dict[str, Any]:
    """Return the state with these keepers."""
    deployment = state["deployment"]
    resources = [
        _with_keepers(each, wanted[resource_name(each)]) if resource_name(each) in wanted else each
        for each in deployment.get("resources") or []
    ]
    return {**state, "deployment": {**deployment, "resources": resources}}


def _with_keepers(resource: Mapping[str, Any], wanted: Mapping[str, str]) -> dict[str, Any]:
    # The delta says that there are none, and wins over the outputs.
    outputs = {name: value for name, value in resource["outputs"].items() if name != RAW_STATE_DELTA}
    return {
        **resource,
        "inputs": {**resource["inputs"], "keepers": dict(wanted)},
        "outputs": {**outputs, "keepers": dict(wanted)},
    }
