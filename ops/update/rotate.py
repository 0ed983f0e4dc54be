"""Replace a stack's master key: the old one stops working, and what LiteLLM stored stays readable."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from http import HTTPStatus
from pathlib import Path

import typer
from pulumi.automation import CommandError, Stack

from ops.check.wait import wait_until
from ops.errors import OperationError
from ops.stack.automation import open_own, settings_of
from ops.stack.config_file import MASTER_KEY_GENERATION, master_key_generation, with_values
from ops.stack.gateway import Gateway
from ops.stack.litellm_admin import LiteLLMAdmin, litellm_admin, stored_chat_models
from ops.stack.project import configuration_file, read_configuration
from ops.stack.state import generated_secrets
from ops.stack.update_message import with_author

MOST_MODELS = 5
"""Stored models that are asked before and after: each answer may cost money."""
KEY_LIFETIME = "2h"
"""Of the virtual key that tests the rotation, if nobody deletes it; longer than any update takes."""
OLD_KEY_ATTEMPTS = 20
"""Requests with the old key after the update."""
SETTLE_TIMEOUT_SECONDS = 60.0
"""For what worked before to work again: a new replica loads its stored models after its start."""


@dataclass(frozen=True)
class Baseline:
    """What worked before the rotation and has to work after it."""

    virtual_key: str
    models: tuple[str, ...]
    """Stored chat models that answered."""


def rotate_master_key(name: str, *, yes: bool) -> None:
    """Raise the key's generation in the stack's file, show the preview, apply it, and test the gateway.

    Raises:
        OperationError: if the stack is not up, its stored credentials would not survive, or the test fails.
    """
    stack = open_own(name)
    old = Gateway.from_outputs(name, stack.outputs(), settings_of(stack))
    if reason := unsafe_secrets(generated_secrets(stack.export_stack().deployment)):
        raise OperationError(reason)
    baseline = prepare(stack, configuration_file(name), old, yes=yes)
    try:
        outputs = stack.up(on_output=print, message=with_author("rotate the master key")).outputs
    except CommandError:
        print(unfinished(name))
        raise
    new = Gateway.from_outputs(name, outputs, old.settings)
    with litellm_admin(new.proxy_url, new.master_key, new.host_header) as admin:
        if problems := find_problems(admin, baseline, old_key=old.master_key, new_key=new.master_key):
            raise OperationError(f"{name} has a new master key, but {', and '.join(problems)}")
        admin.delete_key(baseline.virtual_key)
    print(rotation_report(name, baseline))


def prepare(stack: Stack, file: Path, gateway: Gateway, *, yes: bool) -> Baseline:
    """Raise the generation, show the preview, ask, and note what works; the file is restored if this fails."""
    before = read_configuration(file)
    file.write_text(with_next_generation(before))
    try:
        stack.preview(diff=True, color="auto", on_output=print)
        if not yes:
            typer.confirm(f"Replace the master key of {stack.name}?", abort=True)
        with litellm_admin(gateway.proxy_url, gateway.master_key, gateway.host_header) as admin:
            return collect_baseline(admin)
    except BaseException:
        file.write_text(before)
        raise


def with_next_generation(text: str) -> str:
    """Return the stack's file with the key's generation raised by one."""
    return with_values(text, {(MASTER_KEY_GENERATION,): master_key_generation(text) + 1})


def unsafe_secrets(secrets: Mapping[str, str]) -> str | None:
    """Return why the stored credentials would become unreadable or exposed; None if they are safe."""
    salt_key = secrets.get("salt-key")
    if not salt_key:
        return "the stack has no salt key: LiteLLM encrypted its credentials with the master key, which must stay"
    if salt_key == secrets.get("master-key"):
        return "salt key and master key are the same: a new master key would not protect the stored credentials"
    return None


def collect_baseline(admin: LiteLLMAdmin) -> Baseline:
    """Create a virtual key and find the stored models that answer it."""
    key = admin.create_key(KEY_LIFETIME)
    models = stored_chat_models(admin.deployments())[:MOST_MODELS]
    return Baseline(key, tuple(model for model in models if admin.answers(model, key)))


def find_problems(admin: LiteLLMAdmin, baseline: Baseline, *, old_key: str, new_key: str) -> list[str]:
    """Try both keys and what worked before; return one phrase for each problem."""
    problems = []
    if not wait_until(lambda: admin.status(new_key) == HTTPStatus.OK, timeout=SETTLE_TIMEOUT_SECONDS):
        problems.append("the new one is refused")
    # The edge spreads requests over the replicas: each has to refuse it.
    if any(admin.status(old_key) != HTTPStatus.UNAUTHORIZED for _ in range(OLD_KEY_ATTEMPTS)):
        problems.append("the old one still works")
    if admin.status(baseline.virtual_key) != HTTPStatus.OK:
        problems.append("virtual keys are refused")
    return problems + [
        f"the stored model {model} does not answer"
        for model in baseline.models
        if not wait_until(partial(admin.answers, model, baseline.virtual_key), timeout=SETTLE_TIMEOUT_SECONDS)
    ]


def unfinished(name: str) -> str:
    """Return what to know after an update that failed half way."""
    return (
        "\nthe rotation is not finished: replicas that were not replaced still accept the old master key;"
        f" remove the cause, then `python -m ops up {name}` finishes it"
    )


def rotation_report(name: str, baseline: Baseline) -> str:
    """Return what was tested, and how to read the new key."""
    models = f"; stored models that answered before and after: {', '.join(baseline.models)}" if baseline.models else ""
    return (
        f"\nthe master key of {name} is replaced: the old one is refused, virtual keys work{models}\n"
        f"sessions of the admin pages ended with the old key\n\nto read the new one:\n"
        f"source .envrc; pulumi stack output master_key --show-secrets --stack {name}"
    )
