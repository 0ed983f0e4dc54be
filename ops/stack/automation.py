"""Open a stack of this project through Pulumi's Automation API."""

import os
from pathlib import Path

from pulumi import RunError, automation

from components.stack.read import parse
from components.stack.settings import Settings
from ops.errors import OperationError
from ops.stack.backend.ownership import require_no_objects, require_own_objects
from ops.stack.backend.state_file import require_whole_state
from ops.stack.project import PROJECT, configuration_file


def open_or_create(name: str) -> automation.Stack:
    """Open the stack; create it in the state backend if it is new.

    Raises:
        OperationError: if the stack has no configuration file, no passphrase is set, its state is cut off, or the
            engine has parts of another stack of this name.
    """
    configuration_file(name)
    require_passphrase()
    require_whole_state(name)
    try:
        stack = automation.select_stack(stack_name=name, work_dir=str(PROJECT))
    except automation.StackNotFoundError:
        require_no_objects(name)
        return automation.create_or_select_stack(stack_name=name, work_dir=str(PROJECT))
    require_own_objects(stack)
    return stack


def open_existing(name: str) -> automation.Stack:
    """Open a stack that was deployed before.

    Raises:
        OperationError: if the stack has no configuration file, no passphrase is set, its state is cut off, or it was
            never deployed; if parts of its name run all the same, the sentence names them.
    """
    configuration_file(name)
    require_passphrase()
    require_whole_state(name)
    try:
        return automation.select_stack(stack_name=name, work_dir=str(PROJECT))
    except automation.StackNotFoundError as error:
        require_no_objects(name)
        raise OperationError(not_up_error(name)) from error


def open_own(name: str) -> automation.Stack:
    """Open a stack that was deployed before, and whose parts on this engine are its own.

    Raises:
        OperationError: as `open_existing`, or if the engine has parts of another stack of this name.
    """
    stack = open_existing(name)
    require_own_objects(stack)
    return stack


def not_up_error(name: str) -> str:
    """Return the error for a stack that is not deployed."""
    return f"{name} is not up: run `python -m ops up {name}`"


def settings_of(stack: automation.Stack) -> Settings:
    """Return the settings that the next update would apply, with the models of the stack's own folder.

    Raises:
        OperationError: if a setting is wrong; one line for each.
    """
    config = {key: value.value for key, value in stack.get_all_config().items()}
    try:
        return parse(config, stack.workspace.project_settings().name, Path(stack.workspace.work_dir))
    except RunError as error:
        raise OperationError(str(error)) from error


def require_passphrase() -> None:
    """Check that secrets can be encrypted.

    Raises:
        OperationError: if no passphrase is set. Pulumi would take an empty one, which protects nothing.
    """
    if os.environ.get("PULUMI_CONFIG_PASSPHRASE"):
        return
    if "PULUMI_CONFIG_PASSPHRASE" in os.environ:
        raise OperationError("PULUMI_CONFIG_PASSPHRASE is empty: set the stack's passphrase, or unset it")
    file = os.environ.get("PULUMI_CONFIG_PASSPHRASE_FILE")
    if not file:
        raise OperationError("no passphrase: `source .envrc`, or set PULUMI_CONFIG_PASSPHRASE_FILE")
    if not Path(file).is_file():
        cure = "restore it, or run `bootstrap/run` for a new stack"
        raise OperationError(f"no passphrase: {file} does not exist; {cure}")
    if not Path(file).read_bytes().strip():
        raise OperationError(f"no passphrase: {file} is empty, and would protect nothing; restore it")
