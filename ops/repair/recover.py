"""Repair what keeps a stack from being updated, without losing anything."""

from collections.abc import Sequence

import docker
import typer
from docker.errors import APIError, NotFound
from pulumi.automation import Stack
from rich.console import Console
from rich.table import Table

from components.images.built import BASE_REFERENCE, BUILT_PREFIX, recipe_references
from ops.errors import OperationError
from ops.repair.observed_state import observe
from ops.repair.repair_plan import Issue, RepairAction, find_issues, orphans
from ops.stack.automation import open_existing, settings_of
from ops.stack.config_file import is_protected
from ops.stack.engine import docker_engine
from ops.stack.gateway import Gateway
from ops.stack.git import Repository, uncommitted
from ops.stack.project import configuration_file
from ops.stack.state import pending_operations, recorded_resources
from ops.stack.state_lock import Holder, locked_error, state_locks
from ops.stack.update_message import with_author
from ops.update.smoke_test import smoke_test
from ops.update.stopwatch import Stopwatch

DEFAULT_STOP_SECONDS = 10
"""Time to stop for a container that has no stop timeout; Docker's own default."""
DRAIN_TIMEOUT_SECONDS = 900
"""Time for one answer of the engine: a container may drain that long."""


def recover(name: str, *, yes: bool) -> None:
    """Show what is wrong, ask, repair it, update the stack, and test it with one completion.

    Raises:
        OperationError: if another update runs, or a protected stack has uncommitted files; nothing was changed then.
    """
    stack = open_existing(name)
    for lock in state_locks(stack):
        if lock.holder() is not Holder.ENDED:
            raise OperationError(locked_error(name, lock))
    issues = examine(stack)
    if not issues:
        print(f"{name}: nothing is wrong")
        return
    Console().print(issue_table(issues))
    if all(issue.action is RepairAction.NONE for issue in issues):
        return
    if is_protected(configuration_file(name).read_text()) and (reason := uncommitted(Repository())):
        raise OperationError(f"{name} is protected, and {reason}; commit first: the repair updates the stack")
    if not yes:
        typer.confirm("\nDo all this?", abort=True)
    repair(stack, issues)


def examine(stack: Stack) -> list[Issue]:
    """Compare the state with the engine; return what is wrong."""
    with Console(stderr=True).status(f"examining {stack.name}"):
        deployment = stack.export_stack().deployment
        resources = recorded_resources(deployment)
        observed = observe(stack.name, resources)
        return find_issues(state_locks(stack), pending_operations(deployment), resources, observed)


def repair(stack: Stack, issues: Sequence[Issue]) -> None:
    """Do the action of each issue, some before the update and some after it."""
    actions = {issue.action for issue in issues}
    with docker_engine(DRAIN_TIMEOUT_SECONDS) as engine:
        if RepairAction.FREE_DISK in actions:
            free_disk(engine)
        if RepairAction.UNLOCK in actions:
            stack.cancel()
        # Before the refresh: the provider drops containers that do not run.
        for issue in issues:
            if issue.action is RepairAction.START:
                start_container(engine, issue.container)
        if RepairAction.REFRESH in actions:
            stack.refresh(clear_pending_creates=True, on_output=print, message=with_author("recover: refresh"))
        for issue in issues:
            if issue.action in (RepairAction.REMOVE_FIRST, RepairAction.REMOVE_SPARE):
                remove_container(engine, issue.container)
        stopwatch = Stopwatch()
        replaced = list(dict.fromkeys(issue.urn for issue in issues if issue.action is RepairAction.REPLACE))
        message = with_author("recover")
        result = stack.up(
            refresh=True, replace=replaced or None, on_output=print, on_event=stopwatch.watch, message=message
        )
        # Observed again: a container that the ended process had begun may exist by now.
        resources = recorded_resources(stack.export_stack().deployment)
        for issue in orphans(resources, observe(stack.name, resources)):
            if issue.action is not RepairAction.NONE:
                remove_container(engine, issue.container)
    smoke_test(Gateway.from_outputs(stack.name, result.outputs, settings_of(stack)), stopwatch)


def start_container(engine: docker.DockerClient, id_: str) -> None:
    """Start or unpause a container; if that fails, the update creates it again."""
    container = engine.containers.get(id_)
    print(f"starting {container.name}")
    try:
        if container.status == "paused":
            container.unpause()
        else:
            container.start()
    except APIError as error:
        print(f"{container.name} does not start, so the update creates it again: {error.explanation}")


def remove_container(engine: docker.DockerClient, id_: str) -> None:
    """Stop a container as an update would, and remove it; only a data container's own nameless volume goes with it."""
    try:
        container = engine.containers.get(id_)
        print(f"removing {container.name}")
        if container.status != "created":
            container.stop(timeout=int(container.attrs["Config"].get("StopTimeout") or DEFAULT_STOP_SECONDS))
        container.remove(v=container.status == "created")
    except NotFound:
        return


def free_disk(engine: docker.DockerClient) -> None:
    """Remove images that were built here and that neither a container nor a current recipe uses."""
    used = {str(each.attrs["Image"]) for each in engine.containers.list(all=True, ignore_removed=True)}
    for image in engine.images.list():
        if image.id not in used and is_outdated(image.tags):
            print(f"removing {', '.join(image.tags)}")
            engine.images.remove(str(image.id))


def is_outdated(tags: Sequence[str]) -> bool:
    """Return whether an image was built here from a recipe that has changed since."""
    current = {BASE_REFERENCE, *recipe_references().values()}
    return bool(tags) and all(tag.startswith(BUILT_PREFIX) and tag not in current for tag in tags)


def issue_table(issues: Sequence[Issue]) -> Table:
    """Return issues and actions as a table."""
    table = Table("WHAT IS WRONG", "WHAT WILL BE DONE", box=None)
    for issue in issues:
        table.add_row(issue.what, issue.action.value)
    return table
