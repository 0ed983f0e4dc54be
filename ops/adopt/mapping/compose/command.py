"""The arguments that LiteLLM was started with."""

import shlex
from collections.abc import Iterator
from typing import Any

from ops.adopt.draft import Draft, Kind, Outcome, Place
from ops.adopt.old.compose import Compose
from ops.adopt.old.variables import Variables
from ops.errors import OperationError

NUMBERS = {
    "--keepalive_timeout": "litellm.keepalive_timeout",
    "--max_requests_before_restart": "litellm.max_requests_before_restart",
    "--num_workers": "litellm.workers",
    "--request_timeout": "litellm.config.request_timeout",
}
"""Argument with a number → setting."""
SWITCHES = {"--debug": ("litellm.log_level", "DEBUG"), "--detailed_debug": ("litellm.log_level", "DEBUG")}
SWITCHES |= {"--drop_params": ("litellm.config.drop_params", True)}  # type: ignore[dict-item]
BY_GATEWAY = (
    "--config",
    "--port",
    "--host",
    "--use_prisma_db_push",
    "--skip_server_startup",
    "--run_gunicorn",
    "litellm",
)
"""What the gateway decides: where config.yaml is, where LiteLLM listens, and when the schema is migrated."""


def map_command(compose: Compose, command: Any, draft: Draft, variables: Variables) -> None:
    """Give each argument a place in the draft; one outcome stands for the whole command.

    Raises:
        OperationError: if a quote in it does not end.
    """
    path = (*compose.path, "command")
    place = Place(compose.file.name, path, compose.file.line(path))
    try:
        words = [str(word) for word in command] if isinstance(command, list) else shlex.split(str(command or ""))
    except ValueError as error:
        raise OperationError(f"{place}: {str(error).lower()}") from error
    settings: list[str] = []
    lost: list[str] = []
    for name, value in _arguments(words):
        if name in NUMBERS and value.isdigit():
            draft.set(NUMBERS[name], int(value), place)
            settings.append(NUMBERS[name])
        elif name in SWITCHES:
            setting, on = SWITCHES[name]
            if setting == "litellm.log_level" and variables.get("LITELLM_LOG"):
                continue
            draft.set(setting, on, place)
            settings.append(setting)
        elif name not in BY_GATEWAY:
            lost.append(name)
    note = f"without {', '.join(lost)}: no counterpart" if lost else "the gateway starts LiteLLM itself"
    kind = Kind.STACK if settings else Kind.NONE if lost else Kind.GATEWAY
    draft.outcome(place, Outcome(kind, ", ".join(settings), note))


def _arguments(words: list[str]) -> Iterator[tuple[str, str]]:
    """Find each argument with its value, which may be empty."""
    for number, word in enumerate(words):
        if word.startswith("--") and "=" in word:
            name, _, value = word.partition("=")
            yield name, value
        elif word.startswith("--"):
            following = words[number + 1] if number + 1 < len(words) else ""
            yield word, "" if following.startswith("--") else following
        elif number == 0:
            yield word, ""
