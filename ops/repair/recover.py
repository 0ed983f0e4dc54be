"""Says what keeps a stack from being updated, and cures it without losing anything."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import docker
import typer
from docker.errors import APIError, DockerException, NotFound
from pulumi.automation import Stack
from rich.console import Console
from rich.table import Table

from components.engine.preflight import unreachable
from components.images.built import BASE_REFERENCE, BUILT_PREFIX, recipe_references
from ops.errors import Failure
from ops.repair.observed_state import look
from ops.repair.recorded_state import recorded, unfinished
from ops.repair.repair_plan import Cure, Fault, diagnose, orphans
from ops.stack.automation import configuration_file, existing
from ops.stack.git import Repository, refusal
from ops.stack.lock import Holder, locks
from ops.stack.lock import refusal as lock_refusal
from ops.stack.revision import with_who
from ops.update.deploy import protects, prove, who
from ops.update.stopwatch import Stopwatch

GRACE = 10
"""Seconds to stop for a container that names none."""
PATIENCE = 900
"""Seconds for one answer of the engine: a container may drain that long."""


def run(name: str, *, yes: bool) -> None:
    """Show what is wrong, ask, cure it, bring the stack up, and ask for one completion.

    Raises:
        Failure: when another update runs, or a cure is not this command's to take; nothing has been changed then.
    """
    stack = existing(name)
    for lock in locks(stack):
        if lock.holder() is not Holder.ENDED:
            raise Failure(lock_refusal(name, lock))
    faults = examine(stack)
    if not faults:
        print(f"{name}: nothing is wrong")
        return
    Console().print(table(faults))
    if all(fault.cure is Cure.NONE for fault in faults):
        return
    if protects(configuration_file(name).read_text()) and (fault := refusal(Repository())):
        raise Failure(f"{name} is protected, and {fault}; commit first: an update is part of the cure")
    if not yes:
        typer.confirm("\nDo all this?", abort=True)
    cure(stack, faults)


def examine(stack: Stack) -> list[Fault]:
    """Ask the state and the engine what is wrong."""
    with Console(stderr=True).status(f"examining {stack.name}"):
        deployment = stack.export_stack().deployment
        resources = recorded(deployment)
        view = look(stack.name, resources)
        return diagnose(locks(stack), unfinished(deployment), resources, view, view.free_gib)


def cure(stack: Stack, faults: Sequence[Fault]) -> None:
    """Do what each fault needs, and an update between what has to go before and what has to go after."""
    cures = {fault.cure for fault in faults}
    with _engine() as engine:
        if Cure.FREE_DISK in cures:
            free_disk(engine)
        if Cure.UNLOCK in cures:
            stack.cancel()
        # Before the state is compared: the provider then deletes what does not run.
        for fault in faults:
            if fault.cure is Cure.START:
                start(engine, fault.container)
        if Cure.CLEAR in cures:
            stack.refresh(clear_pending_creates=True, on_output=print, message=with_who("recover: clear", who()))
        for fault in faults:
            if fault.cure is Cure.REMOVE_FIRST:
                remove(engine, fault.container)
        stopwatch = Stopwatch()
        anew = list(dict.fromkeys(fault.urn for fault in faults if fault.cure is Cure.REPLACE))
        outputs = stack.up(
            refresh=True, replace=anew or None, on_output=print, on_event=stopwatch.watch,
            message=with_who("recover", who()),
        ).outputs  # fmt: skip
        # Asked anew: what an ended process had begun may have come to be meanwhile.
        resources = recorded(stack.export_stack().deployment)
        for fault in orphans(resources, look(stack.name, resources)):
            if fault.cure is not Cure.NONE:
                remove(engine, fault.container)
    prove(stack, outputs, stopwatch)


def start(engine: docker.DockerClient, id_: str) -> None:
    """Let a container run again; one that cannot is the update's to make anew."""
    container = engine.containers.get(id_)
    print(f"starting {container.name}")
    try:
        if container.status == "paused":
            container.unpause()
        else:
            container.start()
    except APIError as error:
        print(f"{container.name} does not start, so the update makes it anew: {error.explanation}")


def remove(engine: docker.DockerClient, id_: str) -> None:
    """Stop a container as an update would, and remove it; of volumes only the nameless one of a carrier's files."""
    try:
        container = engine.containers.get(id_)
        print(f"removing {container.name}")
        if container.status != "created":
            container.stop(timeout=int(container.attrs["Config"].get("StopTimeout") or GRACE))
        container.remove(v=container.status == "created")
    except NotFound:
        return


def free_disk(engine: docker.DockerClient) -> None:
    """Remove images that were built here and that neither a container nor a recipe of today names."""
    used = {str(each.attrs["Image"]) for each in engine.containers.list(all=True, ignore_removed=True)}
    for image in engine.images.list():
        if image.id not in used and is_spare(image.tags):
            print(f"removing {', '.join(image.tags)}")
            engine.images.remove(str(image.id))


def is_spare(tags: Sequence[str]) -> bool:
    """Tell whether an image was built here, for a recipe that is no more: `bootstrap/run` would make it again."""
    current = {BASE_REFERENCE, *recipe_references().values()}
    return bool(tags) and all(tag.startswith(BUILT_PREFIX) and tag not in current for tag in tags)


def table(faults: Sequence[Fault]) -> Table:
    """Lay faults and cures out for reading."""
    laid_out = Table("WHAT IS WRONG", "WHAT IS DONE", box=None)
    for fault in faults:
        laid_out.add_row(fault.what, fault.cure.value)
    return laid_out


@contextmanager
def _engine() -> Iterator[docker.DockerClient]:
    try:
        yield docker.from_env(timeout=PATIENCE)
    except APIError as error:
        raise Failure(f"Docker refused: {error.explanation or error}") from error
    except (DockerException, OSError) as error:
        raise Failure(unreachable(str(error))) from error
