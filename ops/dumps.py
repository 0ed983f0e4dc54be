"""Which dumps of the database there are, as far as going back needs to know."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from ops.failure import Failure
from ops.stack import PROJECT
from ops.version import Version

BACKUPS = PROJECT / ".cache" / "backups"
BEFORE_MIGRATION = "before-migration"
TAKEN = "%Y%m%dT%H%M%SZ"


@dataclass(frozen=True)
class TakenDump:
    """One dump."""

    name: str
    time: datetime
    before_migration: bool
    """Whether an update took it just before it changed the schema."""


def dumps(name: str, folder: Path = BACKUPS) -> list[TakenDump]:
    """List a stack's dumps, the oldest first.

    Raises:
        Failure: when a manifest is damaged.
    """
    return sorted((_dump(file) for file in (folder / name).glob("*.json")), key=lambda dump: dump.time)


def _dump(manifest: Path) -> TakenDump:
    try:
        told = json.loads(manifest.read_text())
        time = datetime.strptime(told["taken"], TAKEN).replace(tzinfo=UTC)
        return TakenDump(manifest.stem, time, told.get("reason") == BEFORE_MIGRATION)
    except (ValueError, KeyError, TypeError) as error:
        raise Failure(f"{manifest} is no manifest of a dump") from error


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
