"""Shows what a stack has been: numbered versions, and what each changed."""

import json
from collections.abc import Mapping, Sequence
from itertools import count
from typing import Any

from pulumi.automation import Stack, UpdateSummary
from rich.console import Console
from rich.table import Table

from ops.data.dumps import TakenDump, by_version, dumps
from ops.stack.automation import existing
from ops.stack.git import SHORT
from ops.stack.revision import Version, setting_changes, versions

PAGE = 1000
"""Versions that are asked for at once."""


def run(name: str, *, as_json: bool) -> None:
    """Print the stack's versions, the oldest first."""
    numbered = versions_of(existing(name))
    taken = by_version(numbered, dumps(name))
    if as_json:
        print(json.dumps(entries(numbered, taken), indent=2))
    elif not numbered:
        print(f"{name} has no history: it was never brought up")
    else:
        Console().print(table(numbered, taken))


def versions_of(stack: Stack) -> list[Version]:
    """Read a stack's whole history. Secrets are decrypted, to tell which of them changed."""
    entries: list[UpdateSummary] = []
    # Without a size Pulumi gives the newest ten, and the numbers would begin at the wrong one.
    for page in count(1):
        entries += (found := stack.history(page_size=PAGE, page=page, show_secrets=True))
        if len(found) < PAGE:
            break
    return versions(entries)


def entries(numbered: Sequence[Version], taken: Mapping[int, TakenDump]) -> list[dict[str, Any]]:
    """Give the versions as data without secrets."""
    return [
        {
            "version": version.number,
            "kind": version.kind,
            "result": version.result,
            "started": version.started.isoformat(),
            "ended": version.ended.isoformat() if version.ended else None,
            "who": version.who,
            "message": version.message,
            "commit": version.commit,
            "uncommitted_changes": version.dirty,
            "settings_changed": setting_changes(before, version),
            "resources": dict(version.changes),
            "dump": taken[version.number].name if version.number in taken else None,
        }
        for before, version in pairs(numbered)
    ]


def pairs(numbered: Sequence[Version]) -> list[tuple[Version | None, Version]]:
    """Give each version with the one before it."""
    return list(zip([None, *numbered], numbered, strict=False))


def table(numbered: Sequence[Version], taken: Mapping[int, TakenDump]) -> Table:
    """Lay the versions out for reading; times are the host's own."""
    laid_out = Table("VERSION", "WHEN", "WHO", "WHAT", "COMMIT", "RESULT", "SETTINGS CHANGED", "DUMP", box=None)
    for before, version in pairs(numbered):
        laid_out.add_row(
            str(version.number),
            version.started.astimezone().strftime("%Y-%m-%d %H:%M:%S"),
            version.who or "–",
            version.message if version.kind == "update" else f"{version.kind} {version.message}".strip(),
            commit(version),
            version.result,
            "\n".join(setting_changes(before, version)) or "–",
            taken[version.number].name if version.number in taken else "–",
        )
    return laid_out


def commit(version: Version) -> str:
    """Write a version's commit; `+` where files were not as committed."""
    return f"{version.commit[:SHORT]}{'+' if version.dirty else ''}" if version.commit else "–"
