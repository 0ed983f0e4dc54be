"""Deploy a stack and test it with one completion."""

from functools import partial
from pathlib import Path

from pulumi.automation import Stack

from ops.errors import OperationError
from ops.stack.automation import open_or_create, settings_of
from ops.stack.backend.state_lock import require_unlocked
from ops.stack.config_file import is_protected
from ops.stack.engines.engine import stack_engine
from ops.stack.gateway import Gateway
from ops.stack.git import Repository, uncommitted
from ops.stack.project import configuration_file, read_configuration
from ops.stack.update_message import default_message, with_author
from ops.stack.version import read_versions
from ops.update.apply import apply_plan
from ops.update.smoke_test import smoke_test
from ops.update.stopwatch import Stopwatch


def deploy(name: str, *, plan: Path | None = None, message: str | None = None, test: bool = True) -> None:
    """Update the stack, send one completion, print the timings and the request as a shell command.

    Args:
        name: the stack's.
        plan: do exactly this.
        message: for the history.
        test: whether to send the completion.

    Raises:
        OperationError: if the stack is protected and files are not committed, another update runs, something other
            than the plan would be done, the engine has nothing of the stack, or the gateway does not answer.
    """
    repository = Repository()
    require_committed(name, repository, plan)
    dirty = bool(repository.changed_files(besides=plan))
    stopwatch = Stopwatch()
    stack = open_or_create(name)
    require_unlocked(stack)
    stack_engine(name).require_parts(stack)
    message = message or default_message(repository, dirty=dirty, deployed=partial(deployed_commits, stack))
    note = with_author(message)
    if plan:
        outputs = apply_plan(stack, plan.absolute(), note)
    else:
        outputs = stack.up(on_output=print, on_event=stopwatch.watch, message=note).outputs
    if test:
        smoke_test(Gateway.from_outputs(name, outputs, settings_of(stack)), stopwatch)


def deployed_commits(stack: Stack) -> set[str]:
    """Return the commits of successful updates whose files were as committed."""
    versions = read_versions(stack, show_secrets=False)
    return {version.commit for version in versions if version.commit and version.is_deployed and not version.dirty}


def require_committed(name: str, repository: Repository, plan: Path | None = None) -> None:
    """Check that a protected stack is updated only from committed files, so the history leads back to them.

    The plan that is applied may lie among them: it is no source.

    Raises:
        OperationError: if the stack is protected and files are not committed.
    """
    if is_protected(read_configuration(configuration_file(name))) and (reason := uncommitted(repository, besides=plan)):
        raise OperationError(f"{name} is protected, and {reason}; commit first")
