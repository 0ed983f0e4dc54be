"""Goes back to an earlier version of a stack: its program, its configuration, and its data where they must."""

from collections.abc import Iterable, Sequence
from pathlib import Path

import typer
from pulumi.automation import Stack

from ops.data import restore
from ops.data.dumps import TakenDump, before_next_migration, dumps
from ops.errors import OperationError
from ops.history.listing import versions_of
from ops.history.worktree import open_past
from ops.stack.automation import PROJECT, configuration_file, existing, settings_of
from ops.stack.git import SHORT, Repository
from ops.stack.lock import refuse_second
from ops.stack.revision import Version, find, with_who
from ops.update.apply import apply_plan
from ops.update.deploy import prove, who
from ops.update.operations import Change
from ops.update.preview import default_plan, look
from ops.update.stopwatch import Stopwatch
from ops.update.summary import explain


def run(name: str, *, to: int, restore_data: bool, yes: bool) -> None:
    """Preview version `to`, ask, restore the data where a migration lies between, and apply what was previewed.

    Raises:
        OperationError: when that version cannot be gone back to; nothing has been changed then.
    """
    stack = existing(name)
    refuse_second(stack)
    numbered, repository = versions_of(stack), Repository()
    target = find(numbered, to)
    if fault := unreachable(target, numbered) or lost(target, repository):
        raise OperationError(fault)
    folder = repository.check_out(str(target.commit), name)
    try:
        past = open_past(folder, name, target, numbered[-1])
        repository.overlook(folder / configuration_file(name).relative_to(PROJECT))
        plan = default_plan(f"{name}-rollback")
        changes = look(past, plan)
        print(f"\n{explain(changes)}\n")
        if not changes:
            return
        dump = data_of(target, changes, dumps(name), restore_data=restore_data)
        print("\n".join(notes(name, target, dump)))
        if not yes:
            typer.confirm(f"Bring {name} back to version {to}?", abort=True)
        if dump:
            restore_before(name, dump)
        stopwatch = Stopwatch()
        outputs = apply_plan(past, plan, with_who(f"rollback to version {to}", who()))
        print(f"\n{name} is back at version {to}")
        if understood(past):
            prove(past, outputs, stopwatch)
    finally:
        repository.remove(folder)


def unreachable(target: Version, numbered: Sequence[Version]) -> str | None:
    """Say why a version is nothing to go back to; None when it is."""
    if target.is_good:
        return None
    good = ", ".join(str(version.number) for version in numbered if version.is_good) or "none"
    what = "it removed the stack" if target.kind == "destroy" else f"it is {_article(target.kind)} that {target.result}"
    return f"version {target.number} is nothing to go back to: {what}; updates that succeeded: {good}"


def lost(target: Version, repository: Repository) -> str | None:
    """Say why a version's program cannot be had; None when it can."""
    if not target.commit:
        return f"version {target.number} was not made from a git repository: its program is nowhere noted"
    if not repository.holds(target.commit):
        return (
            f"version {target.number} is of commit {target.commit[:SHORT]}, which this repository does not hold;"
            " `git fetch --unshallow`, or fetch its branch"
        )
    return None


def migrates(changes: Iterable[Change]) -> bool:
    """Tell whether another image than the running one brings its own schema: what a migration lies between."""
    return any(change.is_migration and "image" in change.keys for change in changes)


def data_of(
    target: Version, changes: Iterable[Change], taken: Iterable[TakenDump], *, restore_data: bool
) -> TakenDump | None:
    """Give the dump to restore; None where no migration lies between.

    Raises:
        OperationError: when one does, and the data must not or cannot be restored.
    """
    if not migrates(changes):
        return None
    dump = before_next_migration(target, taken)
    between = f"between now and version {target.number} lies a migration, which an older LiteLLM does not undo"
    if not dump:
        raise OperationError(f"{between}, and no dump was taken before it: there is no way back")
    if not restore_data:
        raise OperationError(
            f"{between}: --restore-data brings back the database of {dump.time:%Y-%m-%d %H:%M:%S} UTC ({dump.name});"
            " keys, spend and models stored since would be lost"
        )
    return dump


def notes(name: str, target: Version, dump: TakenDump | None) -> list[str]:
    """Say what else one should know before saying yes."""
    said = [f"salt key and master key stay; this folder stays too: `python -m ops up {name}` here goes forward again"]
    if target.dirty:
        said.append(
            f"version {target.number} was made with files that were not committed:"
            f" the program is that of {str(target.commit)[:SHORT]}, the configuration is the version's own"
        )
    if dump:
        said.append(f"the database becomes that of {dump.time:%Y-%m-%d %H:%M:%S} UTC: {dump.name}")
    return said


def understood(past: Stack) -> bool:
    """Tell whether the program of today can read the settings of then, which it needs to choose a model to ask."""
    try:
        settings_of(past)
    except OperationError:
        return False
    return True


def restore_before(name: str, dump: TakenDump) -> None:
    """Put back the data as they were before a migration."""
    restore.run(name, Path(dump.name), yes=True, any_schema=True)


def _article(kind: str) -> str:
    return f"an {kind}" if kind[0] in "aeiou" else f"a {kind}"
