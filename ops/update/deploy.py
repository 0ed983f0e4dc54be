"""Makes a stack so and proves it with one completion."""

import getpass
import socket
from pathlib import Path

import httpx
from pulumi.automation import OutputMap, Stack

from components.models.catalog import Mode
from components.stack.settings import Settings
from ops.errors import OperationError
from ops.stack.automation import configuration_file, select, settings_of
from ops.stack.file import config
from ops.stack.git import Repository, refusal
from ops.stack.lock import refuse_second
from ops.stack.revision import with_who
from ops.update.apply import apply_plan
from ops.update.smoke_test import ask, curl
from ops.update.stopwatch import Stopwatch


def run(name: str, *, plan: Path | None = None, message: str | None = None) -> None:
    """Update the stack, ask for one completion, print the times and the request as a shell command.

    Raises:
        OperationError: when the files of a protected stack are not as committed, another update runs, something else than
            `plan` says would be done, or the gateway does not answer.
    """
    repository = Repository()
    if protects(configuration_file(name).read_text()) and (fault := refusal(repository)):
        raise OperationError(f"{name} is protected, and {fault}; commit first")
    stopwatch = Stopwatch()
    stack = select(name)
    refuse_second(stack)
    note = with_who(message or repository.subject or "update", who())
    if plan:
        outputs = apply_plan(stack, plan.absolute(), note)
    else:
        outputs = stack.up(on_output=print, on_event=stopwatch.watch, message=note).outputs
    prove(stack, outputs, stopwatch)


def prove(stack: Stack, outputs: OutputMap, stopwatch: Stopwatch) -> None:
    """Ask the gateway for one completion and say how long all took.

    Raises:
        OperationError: when it does not answer.
    """
    pulumi_seconds = stopwatch.elapsed
    proxy_url = output(outputs, "proxy_url")
    print(f"\n{stack.name} is up: {proxy_url}  health: {output(outputs, 'health_url')}")
    settings = settings_of(stack)
    model, host = answering_model(settings), settings.edge.host_header
    if not model:
        print("no chat model has its key yet; the warnings above say which keys to set")
        return
    try:
        text = ask(proxy_url, output(outputs, "master_key"), model, host)
    except httpx.HTTPError as error:
        raise OperationError(f"{model} did not answer through {proxy_url}: {error}") from error
    containers = f"{stopwatch.containers:.1f} s containers, " if stopwatch.containers else ""
    print(
        f"{model} answered {text!r} after {stopwatch.elapsed:.1f} s: {containers}"
        f"{pulumi_seconds - stopwatch.containers:.1f} s Pulumi,"
        f" {stopwatch.elapsed - pulumi_seconds:.1f} s the completion\n\n{curl(proxy_url, stack.name, model, host)}"
    )


def protects(configuration: str) -> bool:
    """Tell whether a stack's file protects its data, as Pulumi writes it: true or the word."""
    return str(config(configuration).get("gateway:protect")).lower() == "true"


def who() -> str:
    """Name who runs this: USER@HOST."""
    return f"{getpass.getuser()}@{socket.gethostname()}"


def answering_model(settings: Settings) -> str | None:
    """Name a chat model of the stack that has its key."""
    chat = (name for name, entry in settings.catalogue.items() if entry.mode is Mode.CHAT)
    return next((name for name in chat if name not in settings.missing_keys), None)


def output(outputs: OutputMap, name: str) -> str:
    """Give one of the stack's outputs."""
    return str(outputs[name].value or "")
