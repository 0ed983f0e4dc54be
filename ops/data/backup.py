"""Dump a stack's database, or list its dumps."""

from collections.abc import Sequence
from pathlib import Path

from pulumi.automation import UpdateSummary
from rich.console import Console

from ops.data.dump_store import LIST_TIMEOUT_SECONDS, open_dump_store
from ops.data.manifest import DumpReason, manifest_table
from ops.stack.automation import open_own


def back_up(name: str, *, copy_to: Path | None = None) -> None:
    """Dump the database, test the dump, and copy it to a folder of this host if one is given.

    Raises:
        OperationError: if the stack is not up or the dump fails; a dump that cannot be restored is not kept.
    """
    commit = last_commit(open_own(name).history(page_size=10, show_secrets=False))
    with open_dump_store(name) as store:
        dump = store.make(DumpReason.MANUAL, commit)
        rows = sum(dump.rows.values())
        print(f"{dump.name}: {dump.size} bytes, {rows} rows in {len(dump.rows)} tables, restored and counted")
        if copy_to:
            print(f"copied to {store.fetch(dump, copy_to)}")


def list_dumps(name: str) -> None:
    """Print the dumps, the newest first."""
    open_own(name)
    with open_dump_store(name, LIST_TIMEOUT_SECONDS) as store:
        Console().print(manifest_table(store.dumps()))


def last_commit(updates: Sequence[UpdateSummary]) -> str:
    """Return the commit of the newest successful update; empty if it is not known. `updates` are newest first."""
    done = (update for update in updates if update.kind == "update" and update.result == "succeeded")
    newest = next(done, None)
    return newest.environment.get("git.head", "") if newest else ""
