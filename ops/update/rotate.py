"""Replaces a stack's master key: the old one is worthless after, and what LiteLLM stored stays readable."""

import json
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

import typer
from pulumi.automation import CommandError, Deployment

from ops.errors import OperationError
from ops.stack.admin import Admin, administration
from ops.stack.automation import configuration_file, select, settings_of
from ops.stack.file import config, with_values
from ops.update.deploy import output

GENERATION = "gateway:master_key_generation"
PASSWORD = "random:index/randomPassword:RandomPassword"  # noqa: S105 - a resource's type
MOST_MODELS = 5
"""Stored models that are asked before and after: each answer may cost money."""
KEY_LIFETIME = "2h"
"""Of the virtual key that the rotation is proved with, should nobody delete it: longer than any update."""
OLD_KEY_TRIES = 20
"""Requests with the old key after the update."""
PATIENCE = 60.0
"""Seconds for what worked before to work again."""


@dataclass(frozen=True)
class Witness:
    """What worked before the rotation, and has to work after it."""

    virtual_key: str
    models: tuple[str, ...]
    """Stored chat models that answered."""


def run(name: str, *, yes: bool) -> None:
    """Raise the generation in the stack's file, show the preview, apply it, and prove it on the gateway.

    Raises:
        OperationError: when the stack is not up, its stored credentials would not survive, or the proof fails.
    """
    stack = select(name)
    outputs = stack.outputs()
    if "master_key" not in outputs:
        raise OperationError(f"{name} is not up: there is no master key to replace")
    if fault := salt_fault(secrets_of(stack.export_stack())):
        raise OperationError(fault)
    old_key, host = output(outputs, "master_key"), settings_of(stack).edge.host_header
    file = configuration_file(name)
    before = file.read_text()
    file.write_text(raised(before))
    try:
        stack.preview(diff=True, color="auto", on_output=print)
        if not yes:
            typer.confirm(f"Replace the master key of {name}?", abort=True)
        with administration(output(outputs, "proxy_url"), old_key, host) as admin:
            witness = gather(admin)
    except BaseException:
        file.write_text(before)
        raise
    try:
        outputs = stack.up(on_output=print).outputs
    except CommandError:
        print(unfinished(name))
        raise
    new_key = output(outputs, "master_key")
    with administration(output(outputs, "proxy_url"), new_key, host) as admin:
        if faults := found_faults(admin, witness, old_key=old_key, new_key=new_key):
            raise OperationError(f"{name} has a new master key, but {', and '.join(faults)}")
        admin.delete_key(witness.virtual_key)
    print(done(name, witness))


def raised(text: str) -> str:
    """Give the stack's file with the next generation."""
    return with_values(text, {(GENERATION,): int(config(text).get(GENERATION, 1)) + 1})


def secrets_of(exported: Deployment) -> dict[str, str]:
    """Give the generated secrets of a stack's state by their resources' names."""
    deployment: Mapping[str, Any] = exported.deployment or {}
    return {
        str(resource["urn"]).rsplit("::", 1)[-1]: _plain(resource["outputs"].get("result"))
        for resource in deployment.get("resources", [])
        if resource["type"] == PASSWORD and not resource.get("delete")
    }


def salt_fault(secrets: Mapping[str, str]) -> str | None:
    """Say why the stored credentials would become unreadable; None when they would not."""
    salt_key = secrets.get("salt-key")
    if not salt_key:
        return "the stack has no salt key: LiteLLM encrypted its credentials with the master key, which must stay"
    if salt_key == secrets.get("master-key"):
        return (
            "salt key and master key are the same: the stored credentials would be as open as before; nothing is done"
        )
    return None


def gather(admin: Admin) -> Witness:
    """Make a virtual key and find the stored models that answer it."""
    key = admin.make_key(KEY_LIFETIME)
    models = admin.stored_chat_models()[:MOST_MODELS]
    return Witness(key, tuple(model for model in models if admin.answers(model, key)))


def found_faults(admin: Admin, witness: Witness, *, old_key: str, new_key: str) -> list[str]:
    """Ask the gateway with both keys, and what worked before; give what is not as it should be."""
    faults = []
    if not settled(lambda: admin.status(new_key) == HTTPStatus.OK):
        faults.append("the new one is refused")
    # The edge spreads requests over the replicas: each has to refuse it.
    if any(admin.status(old_key) != HTTPStatus.UNAUTHORIZED for _ in range(OLD_KEY_TRIES)):
        faults.append("the old one is still taken")
    if admin.status(witness.virtual_key) != HTTPStatus.OK:
        faults.append("virtual keys are refused")
    faults += [
        f"the stored model {model} does not answer"
        for model in witness.models
        if not settled(lambda model=model: admin.answers(model, witness.virtual_key))  # type: ignore[misc]
    ]
    return faults


def settled(promise: Callable[[], bool]) -> bool:
    """Tell whether something becomes true within PATIENCE: a new replica loads its stored models after its start."""
    give_up = time.monotonic() + PATIENCE
    while not promise():
        if time.monotonic() > give_up:
            return False
        time.sleep(1)
    return True


def unfinished(name: str) -> str:
    """Say what stands after an update that failed half way."""
    return (
        f"\nthe rotation is not finished: replicas that were not replaced still take the old master key;"
        f" when the cause is gone, `python -m ops up {name}` finishes it"
    )


def done(name: str, witness: Witness) -> str:
    """Say what was proved, and how to read the new key."""
    models = f"; stored models that answered before and after: {', '.join(witness.models)}" if witness.models else ""
    return (
        f"\nthe master key of {name} is replaced: the old one is refused, virtual keys work{models}\n"
        f"sessions of the admin pages ended with the old key\n\nthe new one:\n"
        f"source .envrc; pulumi stack output master_key --show-secrets --stack {name}"
    )


def _plain(secret: Any) -> str:
    """Read a secret out of an exported state."""
    return str(json.loads(secret["plaintext"])) if isinstance(secret, dict) and "plaintext" in secret else ""
