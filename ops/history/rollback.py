"""Go back to an earlier version of a stack: its program, its configuration and, after a migration, its data."""

from collections.abc import Sequence

import typer
from pulumi import RunError
from pulumi.automation import Stack

from components.stack.settings import Settings
from ops.data.dump_history import find_dumps
from ops.data.manifest import Manifest
from ops.errors import OperationError
from ops.history.rollback_data import data_of, dump_to_restore
from ops.history.target_images import new_images
from ops.history.worktree import open_version
from ops.stack.automation import open_own, settings_of
from ops.stack.backend.state_lock import require_unlocked
from ops.stack.engines.engine import stack_engine
from ops.stack.gateway import Gateway
from ops.stack.git import SHORT_COMMIT, Repository
from ops.stack.project import PROJECT, configuration_file
from ops.stack.update_message import with_author
from ops.stack.version import StackVersion, find_version, read_versions
from ops.update.apply import apply_plan
from ops.update.preview import default_plan, run_preview
from ops.update.smoke_test import smoke_test
from ops.update.stopwatch import Stopwatch
from ops.update.summary import summarize


def roll_back(name: str, *, to: int, restore_data: bool, yes: bool) -> None:
    """Preview version `to`, ask, restore the data if a migration lies between, and apply the preview.

    Raises:
        OperationError: if that version cannot be rolled back to, or its images cannot be had; nothing was changed then.
    """
    stack = open_own(name)
    require_unlocked(stack)
    versions, repository = read_versions(stack), Repository()
    target = find_version(versions, to)
    if reason := not_deployed(target, versions) or commit_missing(target, repository):
        raise OperationError(reason)
    folder = repository.check_out(str(target.commit), name)
    try:
        past = open_version(folder, name, target, versions[-1])
        repository.ignore_changes(folder / configuration_file(name).relative_to(PROJECT))
        plan = default_plan(f"{name}-rollback")
        operations = run_preview(past, plan)
        print(f"\n{summarize(operations)}\n")
        if not operations:
            return
        dump = dump_to_restore(target, operations, find_dumps(name), restore_data=restore_data)
        print("\n".join(notes(name, target, dump)))
        if not yes:
            typer.confirm(f"Roll {name} back to version {to}?", abort=True)
        message = with_author(f"rollback to version {to}")
        if dump:
            stack_engine(name).fetch_images(new_images(operations))
            require_unlocked(stack)
        stopwatch = Stopwatch()
        with data_of(name, dump):
            outputs = apply_plan(past, plan, message)
        print(f"\n{name} is back at version {to}")
        if settings := readable_settings(past):
            smoke_test(Gateway.from_outputs(name, outputs, settings), stopwatch)
    finally:
        repository.remove(folder)


def not_deployed(target: StackVersion, versions: Sequence[StackVersion]) -> str | None:
    """Return why a version cannot be rolled back to; None if it is an update that succeeded."""
    if target.is_deployed:
        return None
    deployed = ", ".join(str(version.number) for version in versions if version.is_deployed) or "none"
    what = "removed the stack" if target.kind == "destroy" else f"is {_article(target.kind)} that {target.result}"
    return f"version {target.number} {what}; only updates that succeeded can be rolled back to: {deployed}"


def commit_missing(target: StackVersion, repository: Repository) -> str | None:
    """Return why a version's program cannot be checked out; None if it can."""
    if not target.commit:
        return f"version {target.number} was not deployed from a git repository, so its program is not known"
    if not repository.has_commit(target.commit):
        return (
            f"version {target.number} is of commit {target.commit[:SHORT_COMMIT]}, which this repository does not"
            " have; `git fetch --unshallow`, or fetch its branch"
        )
    return None


def notes(name: str, target: StackVersion, dump: Manifest | None) -> list[str]:
    """Return what else to know before saying yes."""
    lines = [f"salt key and master key stay; so does this folder: `python -m ops up {name}` here goes forward again"]
    if target.dirty:
        lines.append(
            f"version {target.number} was deployed with files that were not committed:"
            f" the program is that of {str(target.commit)[:SHORT_COMMIT]}, the configuration is the version's own"
        )
    if dump:
        lines.append(f"the database becomes that of {dump.time:%Y-%m-%d %H:%M:%S} UTC: {dump.name}")
    return lines


def readable_settings(past: Stack) -> Settings | None:
    """Return an earlier version's settings; None if the program of today cannot read them or the version's models."""
    try:
        settings = settings_of(past)
        _ = settings.catalogue
    except (OperationError, RunError):
        return None
    return settings


def _article(kind: str) -> str:
    return f"an {kind}" if kind[0] in "aeiou" else f"a {kind}"
