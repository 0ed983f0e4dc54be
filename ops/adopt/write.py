"""Write the stack's files and encrypt its secrets: all of it, or nothing."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import yaml
from pulumi import automation

from ops.adopt.check import write_models, write_texts
from ops.adopt.draft import Draft
from ops.errors import OperationError
from ops.stack.automation import require_passphrase
from ops.stack.project import CONFIGURATION, PROJECT, PROJECT_NAME
from ops.stack.secret_setting import set_secret


def require_new(name: str) -> None:
    """Check that neither the project nor the state backend has the stack.

    Raises:
        OperationError: if one of them has.
    """
    for path in (stack_file(name), stack_folder(name)):
        if path.exists():
            raise OperationError(f"stack {name} exists already: {path.relative_to(PROJECT)}; choose another name")
    require_passphrase()
    workspace = automation.LocalWorkspace(work_dir=str(PROJECT))
    if name in {stack.name for stack in workspace.list_stacks()}:
        raise OperationError(f"stack {name} exists already in the state; choose another name")


def write_stack(draft: Draft, title: str) -> None:
    """Write the stack's file and folder, create the stack in the state backend, and encrypt its secrets.

    Raises:
        OperationError: if a secret cannot be encrypted; nothing is left then.
    """
    with _all_or_nothing(draft.stack):
        folder = stack_folder(draft.stack)
        write_models(draft, folder / "models")
        write_texts(draft, folder)
        stack_file(draft.stack).write_text(stack_text(draft, title))
        automation.create_stack(draft.stack, work_dir=str(PROJECT))
        for setting, value in draft.secrets.items():
            set_secret(PROJECT, draft.stack, f"{PROJECT_NAME}:{setting}", value)


def stack_text(draft: Draft, title: str) -> str:
    """Return the stack's file, still without its secrets."""
    config = {f"{PROJECT_NAME}:{key}": value for key, value in draft.settings.items()}
    body = yaml.safe_dump({"config": config}, sort_keys=False, allow_unicode=True, width=120)
    return f"# {title}\n{body}"


def stack_file(name: str) -> Path:
    """Return where the stack's configuration is."""
    return CONFIGURATION / f"Pulumi.{name}.yaml"


def stack_folder(name: str) -> Path:
    """Return where the stack's own files are."""
    return CONFIGURATION / name


@contextmanager
def _all_or_nothing(name: str) -> Iterator[None]:
    try:
        yield
    except BaseException:
        shutil.rmtree(stack_folder(name), ignore_errors=True)
        workspace = automation.LocalWorkspace(work_dir=str(PROJECT))
        if name in {stack.name for stack in workspace.list_stacks()}:
            workspace.remove_stack(name)
        stack_file(name).unlink(missing_ok=True)
        raise
