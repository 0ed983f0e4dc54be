"""The data of a rollback: whether a migration lies between, and which dump is from before it."""

import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from ops.data.dump_history import before_next_migration
from ops.data.manifest import Manifest
from ops.data.restore import restore
from ops.errors import OperationError
from ops.stack.version import StackVersion
from ops.update.operations import Operation


def migrates(operations: Iterable[Operation]) -> bool:
    """Return whether the image changes, so that a migration lies between."""
    return any(operation.is_migration and "image" in operation.keys for operation in operations)


def dump_to_restore(
    target: StackVersion, operations: Iterable[Operation], dumps: Iterable[Manifest], *, restore_data: bool
) -> Manifest | None:
    """Return the dump to restore; None if no migration lies between.

    Raises:
        OperationError: if one does, and the data must not or cannot be restored.
    """
    if not migrates(operations):
        return None
    dump = before_next_migration(target, dumps)
    between = f"between now and version {target.number} lies a migration, which an older LiteLLM does not undo"
    if not dump:
        raise OperationError(f"{between}, and no dump was taken before it: there is no way back")
    if not restore_data:
        raise OperationError(
            f"{between}: --restore-data brings back the database of {dump.time:%Y-%m-%d %H:%M:%S} UTC ({dump.name});"
            " keys, spend and models stored since would be lost"
        )
    return dump


@contextmanager
def data_of(name: str, dump: Manifest | None) -> Iterator[None]:
    """Restore a dump for what the body does; where that fails, say what stands."""
    old = restore(name, Path(dump.name), yes=True, any_schema=True) if dump else None
    try:
        yield
    except BaseException:
        if dump and old:
            print(unfinished(name, dump, old), file=sys.stderr)
        raise


def unfinished(name: str, dump: Manifest, old: str) -> str:
    """Return what stands where the data were restored, and the program was not."""
    return (
        f"{name} has the data of {dump.name}, but not all of that version: mend the cause, then roll back again."
        f" The database of before is kept as {old} until the next backup"
    )
