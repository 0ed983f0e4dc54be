"""Puts a dump in the place of a stack's database."""

from pathlib import Path

import typer

from ops.data import migrate_host as new_host_of
from ops.data.dump import Database, Manifest, read_file, refusal
from ops.data.dump_store import opened
from ops.errors import OperationError
from ops.stack.automation import select


def run(name: str, dump: Path, *, yes: bool, any_schema: bool, drop_old: bool = False, new_host: bool = False) -> None:
    """Restore a dump beside the live database, count it, and change the two; until then nothing is changed.

    `dump` names one of the stack's dumps, or a file of this host with its manifest beside it. With `new_host` the stack
    is made first, on an engine that has nothing of it.

    Raises:
        OperationError: when the dump is damaged, was made under another salt key, or has another schema than
            the running LiteLLM's without `any_schema`.
    """
    stack = select(name)
    if new_host:
        if not dump.is_file():
            raise OperationError(f"{dump}: there is no such file; a new host has no dumps of its own")
        read_file(dump)
        new_host_of.make(name, stack)
    with opened(name) as store:
        manifest = read_file(dump) if dump.is_file() else store.dump(dump.name)
        live = store.live()
        if fault := refusal(manifest, live, any_schema=any_schema):
            raise OperationError(fault)
        print(question(manifest, live))
        if not yes:
            typer.confirm(f"Put {manifest.name} in the place of the database of {name}?", abort=True)
        if dump.is_file():
            store.put(dump, manifest)
        old = store.restore(manifest, drop_old=drop_old)
    print(done(name, manifest, old, drop_old=drop_old))


def question(dump: Manifest, live: Database) -> str:
    """Say what would change."""
    tables = sorted(dump.rows.keys() | live.rows.keys())
    changed = [
        f"  {table.removeprefix('public.')}: {live.rows.get(table, 'no')} rows now, {dump.rows.get(table, 'no')} after"
        for table in tables
        if live.rows.get(table) != dump.rows.get(table)
    ]
    return "\n".join(
        [
            f"{dump.name}: {dump.time:%Y-%m-%d %H:%M:%S} UTC, {sum(dump.rows.values())} rows, {dump.schema_}",
            "what was written since is not in it" + (":" if changed else "; each table has as many rows as now"),
            *changed,
        ]
    )


def done(name: str, dump: Manifest, old: str, *, drop_old: bool) -> str:
    """Say where the old data are."""
    kept = "the old database is dropped" if drop_old else f"the old database is kept as {old} until the next backup"
    return f"{name} has the data of {dump.name}; {kept}"
