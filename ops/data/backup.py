"""Dumps a stack's database now, or shows the dumps that there are."""

from collections.abc import Sequence
from pathlib import Path

from pulumi.automation import UpdateSummary
from rich.console import Console

from ops.data.dump import Reason, table
from ops.data.dump_store import opened
from ops.stack.automation import select


def run(name: str, *, copy_to: Path | None = None) -> None:
    """Dump the database, prove the dump, and copy it to a folder of this host where one is given.

    Raises:
        OperationError: when the stack is not up, or the dump fails; a dump that cannot be restored is not kept.
    """
    commit = last_commit(select(name).history(page_size=10, show_secrets=False))
    with opened(name) as store:
        dump = store.make(Reason.MANUAL, commit)
        rows = sum(dump.rows.values())
        print(f"{dump.name}: {dump.size} bytes, {rows} rows in {len(dump.rows)} tables, restored and counted")
        if copy_to:
            print(f"copied to {store.fetch(dump, copy_to)}")


def show(name: str) -> None:
    """List the dumps, the newest first."""
    with opened(name) as store:
        Console().print(table(store.dumps()))


def last_commit(updates: Sequence[UpdateSummary]) -> str:
    """Give the commit that the newest successful update was made from; empty where none is known."""
    done = (update for update in updates if update.kind == "update" and update.result == "succeeded")
    newest = next(done, None)
    return newest.environment.get("git.head", "") if newest else ""
