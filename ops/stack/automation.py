"""Opens a stack of this project through Pulumi's Automation API."""

import os
from pathlib import Path

from pulumi import RunError, automation

from components.stack import settings
from components.stack.settings import Settings
from ops.errors import OperationError

PROJECT = Path(__file__).parents[2]
CONFIGURATION = PROJECT / "stacks"


def configuration_file(name: str) -> Path:
    """Give the stack's configuration file.

    Raises:
        OperationError: when there is none of that name.
    """
    file = CONFIGURATION / f"Pulumi.{name}.yaml"
    if not file.is_file():
        known = sorted(path.name.split(".")[1] for path in CONFIGURATION.glob("Pulumi.*.yaml"))
        raise OperationError(f"stack {name}: there is no {file.relative_to(PROJECT)}; stacks are {', '.join(known)}")
    return file


def select(name: str) -> automation.Stack:
    """Select the stack, made if it is new.

    Raises:
        OperationError: when there is no configuration of that name, or no passphrase to its secrets.
    """
    configuration_file(name)
    _require_passphrase()
    return automation.create_or_select_stack(stack_name=name, work_dir=str(PROJECT))


def existing(name: str) -> automation.Stack:
    """Select the stack and make nothing.

    Raises:
        OperationError: when there is no configuration of that name, no passphrase to its secrets, or it was never up.
    """
    configuration_file(name)
    _require_passphrase()
    try:
        return automation.select_stack(stack_name=name, work_dir=str(PROJECT))
    except automation.StackNotFoundError as error:
        raise OperationError(never_up(name)) from error


def never_up(name: str) -> str:
    """Say that there is no gateway of that name, and what makes one."""
    return f"{name} is not up: run `python -m ops up {name}`"


def settings_of(stack: automation.Stack) -> Settings:
    """Read the settings that the next update would apply.

    Raises:
        OperationError: one line for each setting that is wrong.
    """
    config = {key: value.value for key, value in stack.get_all_config().items()}
    try:
        return settings.parse(config, stack.workspace.project_settings().name)
    except RunError as error:
        raise OperationError(str(error)) from error


def _require_passphrase() -> None:
    if os.environ.get("PULUMI_CONFIG_PASSPHRASE") is not None:
        return
    file = os.environ.get("PULUMI_CONFIG_PASSPHRASE_FILE")
    if not file:
        raise OperationError("no passphrase: `source .envrc`, or set PULUMI_CONFIG_PASSPHRASE_FILE")
    if not Path(file).is_file():
        raise OperationError(
            f"no passphrase: {file} does not exist; restore it, or run `bootstrap/run` for a new stack"
        )
