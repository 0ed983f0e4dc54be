"""Which dump belongs to which version of a stack."""

from collections.abc import Iterable, Sequence

from ops.data.dump_store import LIST_TIMEOUT_SECONDS, NotRunning, open_dump_store
from ops.data.manifest import DumpReason, Manifest
from ops.stack.version import StackVersion


def find_dumps(name: str) -> list[Manifest]:
    """Return a stack's dumps, the oldest first; none if it does not run.

    Raises:
        OperationError: if a manifest is damaged or the engine does not answer.
    """
    try:
        with open_dump_store(name, LIST_TIMEOUT_SECONDS) as store:
            return store.dumps()
    except NotRunning:
        return []


def newest_by_version(versions: Sequence[StackVersion], dumps: Iterable[Manifest]) -> dict[int, Manifest]:
    """Return the newest dump of each version: taken by its update or while it ran. `dumps` are oldest first."""
    found: dict[int, Manifest] = {}
    for dump in dumps:
        begun = [version.number for version in versions if version.started <= dump.time]
        if begun:
            found[begun[-1]] = dump
    return found


def before_next_migration(version: StackVersion, dumps: Iterable[Manifest]) -> Manifest | None:
    """Return the dump of a version's data before the first migration after it; None if there is none."""
    since = version.ended or version.started
    reason = DumpReason.BEFORE_MIGRATION
    return next((dump for dump in dumps if dump.reason is reason and dump.time >= since), None)
