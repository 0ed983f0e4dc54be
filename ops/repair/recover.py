"""Repair what keeps a stack from being updated, without losing anything."""

from collections.abc import Sequence

import docker
import typer
from docker.errors import APIError, NotFound
from pulumi.automation import OutputMap, Stack
from rich.console import Console
from rich.table import Table
from rich.text import Text

from ops.errors import OperationError
from ops.repair.cluster_recover import examine_namespace, repair_namespace
from ops.repair.lost_state import rebuild_state
from ops.repair.observed_state import observe
from ops.repair.outdated_images import free_disk
from ops.repair.repair_plan import Issue, RepairAction, find_issues, orphans
from ops.stack.automation import open_own, settings_of
from ops.stack.backend.resource_import import import_resources, importable
from ops.stack.backend.state_file import Damage, state_folder
from ops.stack.backend.state_lock import Holder, locked_error, state_locks
from ops.stack.engines.docker_engine import docker_engine, remove_object
from ops.stack.engines.engine import require_docker, runs_on_cluster
from ops.stack.gateway import Gateway
from ops.stack.git import Repository
from ops.stack.state import pending_operations, recorded_resources, stack_identity
from ops.stack.update_message import with_author
from ops.update.deploy import require_committed
from ops.update.smoke_test import smoke_test
from ops.update.stopwatch import Stopwatch

NO_CHANGE = (RepairAction.NONE, RepairAction.KEEP, RepairAction.KEEP_CLAIM)
"""Actions that change nothing."""
DEFAULT_STOP_SECONDS = 10
"""Time to stop for a container that has no stop timeout; Docker's own default."""
DRAIN_TIMEOUT_SECONDS = 900
"""Time for one answer of the engine: a container may drain that long."""


def recover(name: str, *, yes: bool, lost_state: bool = False) -> None:
    """Show what is wrong, ask, repair it, update the stack, and test it with one completion.

    Args:
        name: the stack's.
        yes: do not ask.
        lost_state: make the state anew first, from what runs.

    Raises:
        OperationError: if another update runs, a protected stack has uncommitted files, or the engine has parts of
            another stack of this name; nothing was changed then.
    """
    if lost_state:
        require_docker(
            name,
            "--lost-state makes a state of containers alone: docs/kubernetes.md says how to start again with the data",
        )
        require_committed(name, Repository())
        rebuild_state(name, yes=yes)
    else:
        mend_state(name, yes=yes)
    stack = open_own(name)
    for lock in state_locks(stack):
        if lock.holder() is not Holder.ENDED:
            raise OperationError(locked_error(name, lock))
    issues = examine(stack)
    if not issues:
        print(f"{name}: nothing is wrong")
        return
    Console().print(issue_table(issues))
    if all(issue.action in NO_CHANGE for issue in issues):
        return
    # Making the state anew may have written `encryptionsalt` into the stack's file.
    if not lost_state:
        require_committed(name, Repository())
    if not yes:
        typer.confirm("\nDo all this?", abort=True)
    repair(stack, issues)


def examine(stack: Stack) -> list[Issue]:
    """Compare the state with the engine; return what is wrong."""
    with Console(stderr=True).status(f"examining {stack.name}"):
        if runs_on_cluster(stack.name):
            return examine_namespace(stack)
        deployment = stack.export_stack().deployment
        resources = recorded_resources(deployment)
        observed = observe(stack.name, resources, stack_identity(deployment))
        return find_issues(state_locks(stack), pending_operations(deployment), resources, observed)


def repair(stack: Stack, issues: Sequence[Issue]) -> None:
    """Do the action of each issue, some before the update and some after it; test the gateway."""
    stopwatch = Stopwatch()
    change = repair_namespace if runs_on_cluster(stack.name) else repair_containers
    outputs = change(stack, issues, stopwatch)
    smoke_test(Gateway.from_outputs(stack.name, outputs, settings_of(stack)), stopwatch)


def repair_containers(stack: Stack, issues: Sequence[Issue], stopwatch: Stopwatch) -> OutputMap:
    """Repair a stack on a Docker engine; return its outputs."""
    with docker_engine(DRAIN_TIMEOUT_SECONDS) as engine:
        prepare_update(stack, engine, issues)
        replaced = list(dict.fromkeys(issue.urn for issue in issues if issue.action is RepairAction.REPLACE))
        message = with_author("recover")
        result = stack.up(
            refresh=True, replace=replaced or None, on_output=print, on_event=stopwatch.watch, message=message
        )
        remove_orphans(stack, engine)
    return result.outputs


def prepare_update(stack: Stack, engine: docker.DockerClient, issues: Sequence[Issue]) -> None:
    """Do what an update needs: free disk, no lock, containers that run, a state that knows what exists."""
    actions = {issue.action for issue in issues}
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
    if objects := [issue.object_ for issue in issues if issue.action is RepairAction.IMPORT and issue.object_]:
        import_resources(stack, importable(objects, stack.name), stack.export_stack().deployment)
    for issue in issues:
        if issue.action in (RepairAction.REMOVE_FIRST, RepairAction.REMOVE_SPARE):
            remove_container(engine, issue.container)


def remove_orphans(stack: Stack, engine: docker.DockerClient) -> None:
    """Remove what the state does not know; it is observed anew, as an ended process may have created more by now."""
    deployment = stack.export_stack().deployment
    resources = recorded_resources(deployment)
    for issue in orphans(resources, observe(stack.name, resources, stack_identity(deployment))):
        if issue.action not in (RepairAction.REMOVE_FIRST, RepairAction.REMOVE_SPARE, RepairAction.REMOVE_LAST):
            continue
        if issue.object_:
            remove_object(engine, issue.object_)
        else:
            remove_container(engine, issue.container)


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


def mend_state(name: str, *, yes: bool) -> None:
    """Repair the files of a state that are cut off; do nothing if they are whole.

    Raises:
        OperationError: if the state is cut off and has no good copy, or cannot be written.
    """
    folder = state_folder(name)
    damaged = folder.damaged() if folder else {}
    if not folder or not damaged:
        return
    for path, damage in damaged.items():
        print(f"{path} is cut off or empty: {damage.value}")
    if Damage.STATE in damaged.values() and (copies := folder.copies()):
        newest = copies[0]
        print(f"that copy is of {newest.time:%Y-%m-%d %H:%M:%S} UTC, {newest.resources} resources: {newest.path}")
        print("it lacks what an update changed after that; what the engine has more is compared next")
    if not yes:
        typer.confirm("Do this?", abort=True)
    for path, damage in damaged.items():
        print(f"the broken file is kept: {folder.mend(path, damage)}")


def issue_table(issues: Sequence[Issue]) -> Table:
    """Return issues and actions as a table."""
    table = Table("WHAT IS WRONG", "WHAT WILL BE DONE", box=None)
    for issue in issues:
        table.add_row(Text(issue.what), Text(issue.action.value))
    return table
