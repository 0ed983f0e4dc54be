"""Which dumps of the database there are, as far as going back needs to know."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from ops.data.dump import Manifest, Reason
from ops.data.dump_store import NotRunning, opened
from ops.stack.revision import Version


@dataclass(frozen=True)
class TakenDump:
    """One dump."""

    name: str
    time: datetime
    before_migration: bool
    """Whether an update took it just before it changed the schema."""

    @classmethod
    def of(cls, manifest: Manifest) -> "TakenDump":
        """Take what matters out of a manifest."""
        return cls(manifest.name, manifest.time, manifest.reason is Reason.BEFORE_MIGRATION)


def dumps(name: str) -> list[TakenDump]:
    """List a stack's dumps, the oldest first; none where it does not run.

    Raises:
        OperationError: when a manifest is damaged, or the engine does not answer.
    """
    try:
        with opened(name) as store:
            return [TakenDump.of(manifest) for manifest in store.dumps()]
    except NotRunning:
        return []


def by_version(numbered: Sequence[Version], taken: Iterable[TakenDump]) -> dict[int, TakenDump]:
    """Give the newest dump that was taken by, or under, each version."""
    found: dict[int, TakenDump] = {}
    for dump in taken:
        under = [version.number for version in numbered if version.started <= dump.time]
        if under:
            found[under[-1]] = dump
    return found


def before_next_migration(version: Version, taken: Iterable[TakenDump]) -> TakenDump | None:
    """Find the dump that holds the data of a version as they were before the first migration after it."""
    since = version.ended or version.started
    return next((dump for dump in taken if dump.before_migration and dump.time >= since), None)
