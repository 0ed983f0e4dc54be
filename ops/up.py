"""Makes a stack so and proves it with one completion."""

import httpx
from pulumi.automation import OutputMap

from components.models import Mode
from components.settings import Settings
from ops.completion import ask, curl
from ops.failure import Failure
from ops.stack import select, settings_of
from ops.stopwatch import Stopwatch


def run(name: str) -> None:
    """Update the stack, ask for one completion, print both times and the request as a shell command."""
    stopwatch = Stopwatch()
    stack = select(name)
    result = stack.up(on_output=print, on_event=stopwatch.watch)
    pulumi_seconds = stopwatch.elapsed
    print(f"\n{name} is up: {output(result.outputs, 'proxy_url')}  health: {output(result.outputs, 'health_url')}")
    model = answering_model(settings_of(stack))
    if not model:
        print("no chat model has its key yet; the warnings above say which keys to set")
        return
    proxy_url = output(result.outputs, "proxy_url")
    try:
        text = ask(proxy_url, output(result.outputs, "master_key"), model)
    except httpx.HTTPError as error:
        raise Failure(f"{model} did not answer through {proxy_url}: {error}") from error
    print(
        f"{model} answered {text!r} after {stopwatch.elapsed:.1f} s: {stopwatch.containers:.1f} s containers,"
        f" {pulumi_seconds - stopwatch.containers:.1f} s Pulumi,"
        f" {stopwatch.elapsed - pulumi_seconds:.1f} s the completion\n\n{curl(proxy_url, name, model)}"
    )


def answering_model(settings: Settings) -> str | None:
    """Name a chat model of the stack that has its key."""
    chat = (name for name, entry in settings.catalogue.items() if entry.mode is Mode.CHAT)
    return next((name for name in chat if name not in settings.missing_keys), None)


def output(outputs: OutputMap, name: str) -> str:
    """Give one of the stack's outputs."""
    return str(outputs[name].value or "")
