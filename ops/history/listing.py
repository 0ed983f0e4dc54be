"""List the versions of a stack and what each one changed."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

from ops.data.dump_history import find_dumps, newest_by_version
from ops.data.manifest import Manifest
from ops.stack.automation import open_existing
from ops.stack.backend.ownership import find_ownership
from ops.stack.git import SHORT_COMMIT
from ops.stack.version import StackVersion, read_versions, setting_changes


def show_history(name: str, *, as_json: bool) -> None:
    """Print the stack's versions, the oldest first."""
    stack = open_existing(name)
    versions = read_versions(stack)
    foreign = find_ownership(name, stack.export_stack().deployment).foreign
    dumps = newest_by_version(versions, [] if foreign else find_dumps(name))
    if as_json:
        print(json.dumps(history_data(versions, dumps), indent=2))
    elif not versions:
        print(f"{name} has no history: it was never deployed")
    else:
        Console().print(history_table(versions, dumps))


def history_data(versions: Sequence[StackVersion], dumps: Mapping[int, Manifest]) -> list[dict[str, Any]]:
    """Return the versions as data without secrets."""
    return [
        {
            "version": version.number,
            "kind": version.kind,
            "result": version.result,
            "started": version.started.isoformat(),
            "ended": version.ended.isoformat() if version.ended else None,
            "who": version.author,
            "message": version.message,
            "commit": version.commit,
            "uncommitted_changes": version.dirty,
            "settings_changed": setting_changes(before, version),
            "resources": dict(version.changes),
            "dump": dumps[version.number].name if version.number in dumps else None,
        }
        for before, version in with_predecessors(versions)
    ]


def with_predecessors(versions: Sequence[StackVersion]) -> list[tuple[StackVersion | None, StackVersion]]:
    """Return each version with the one before it."""
    return list(zip([None, *versions], versions, strict=False))


def history_table(versions: Sequence[StackVersion], dumps: Mapping[int, Manifest]) -> Table:
    """Return the versions as a table; times are in the host's time zone."""
    table = Table("VERSION", "WHEN", "WHO", "WHAT", "COMMIT", "RESULT", "SETTINGS CHANGED", "DUMP", box=None)
    for before, version in with_predecessors(versions):
        cells = (
            str(version.number),
            version.started.astimezone().strftime("%Y-%m-%d %H:%M:%S"),
            version.author or "–",
            version.message if version.kind == "update" else f"{version.kind} {version.message}".strip(),
            short_commit(version),
            version.result,
            "\n".join(setting_changes(before, version)) or "–",
            dumps[version.number].name if version.number in dumps else "–",
        )
        # A message may hold brackets, which are markup in a plain string.
        table.add_row(*map(Text, cells))
    return table


def short_commit(version: StackVersion) -> str:
    """Return a version's commit; `+` if files differed from it."""
    return f"{version.commit[:SHORT_COMMIT]}{'+' if version.dirty else ''}" if version.commit else "–"
