"""Replace a stack's database with a dump."""

from pathlib import Path

import typer
from pulumi.automation import Stack

from components.secrets import KEY_PREFIX
from ops.data.dump_store import open_dump_store
from ops.data.manifest import Database, Manifest, not_restorable, read_manifest
from ops.data.migrate_host import migrate_host
from ops.errors import OperationError
from ops.stack.automation import open_or_create, open_own
from ops.stack.backend.resource_import import import_resources, passwords
from ops.stack.project import read_text
from ops.stack.state import SALT_KEY, stack_identity


def restore(
    name: str,
    dump: Path,
    *,
    yes: bool,
    any_schema: bool,
    drop_old: bool = False,
    new_host: bool = False,
    salt_key: Path | None = None,
) -> str:
    """Restore a dump beside the live database, count its rows, then swap the two; until then nothing is changed.

    Args:
        name: the stack's.
        dump: name of one of the stack's dumps, or a file of this host with its manifest beside it.
        yes: do not ask.
        any_schema: accept a dump whose schema is not the running LiteLLM's.
        drop_old: keep no copy of the old database.
        new_host: deploy the stack first, on an engine that has nothing of it.
        salt_key: with `new_host`: file with the copy of the salt key, for a state that has none.

    Returns:
        The name that the old database has then.

    Raises:
        OperationError: if the stack is not up, or the dump is damaged, was made under another salt key, or has another
            schema.
    """
    key = read_salt_key(salt_key) if salt_key else None
    if key and not new_host:
        raise OperationError("--salt-key is for a stack that is created: give --new-host too")
    if new_host:
        if not dump.is_file():
            raise OperationError(f"{dump}: there is no such file; a new host has no dumps of its own")
        read_manifest(dump)
        stack = open_or_create(name)
        if key:
            import_salt_key(stack, key)
        migrate_host(name, stack)
    else:
        open_own(name)
    with open_dump_store(name) as store:
        manifest = read_manifest(dump) if dump.is_file() else store.dump(dump.name)
        live = store.live()
        if reason := not_restorable(manifest, live, any_schema=any_schema):
            raise OperationError(reason)
        print(restore_preview(manifest, live))
        if not yes:
            typer.confirm(f"Replace the database of {name} with {manifest.name}?", abort=True)
        if dump.is_file():
            store.put(dump, manifest)
        old = store.restore(manifest, drop_old=drop_old)
    print(restore_report(name, manifest, old, drop_old=drop_old))
    return old


def read_salt_key(file: Path) -> str:
    """Return the salt key of a file with one line, without the prefix that the program puts before it.

    Raises:
        OperationError: if the file cannot be read, or has no such line.
    """
    lines = read_text(file).split()
    if len(lines) != 1:
        raise OperationError(f"{file}: there should be one line, the salt key")
    return lines[0].removeprefix(KEY_PREFIX)


def import_salt_key(stack: Stack, key: str) -> None:
    """Give a state that has no salt key this one.

    Raises:
        OperationError: if it has one.
    """
    deployment = stack.export_stack().deployment
    if stack_identity(deployment):
        raise OperationError(f"{stack.name} has a salt key in its state: leave --salt-key out")
    import_resources(stack, passwords({SALT_KEY: key}), deployment)


def restore_preview(dump: Manifest, live: Database) -> str:
    """Return what the dump holds and how many rows of each table would change."""
    tables = sorted(dump.rows.keys() | live.rows.keys())
    changed = [
        f"  {table.removeprefix('public.')}: {live.rows.get(table, 'no')} rows now, {dump.rows.get(table, 'no')} after"
        for table in tables
        if live.rows.get(table) != dump.rows.get(table)
    ]
    return "\n".join(
        [
            f"{dump.name}: {dump.time:%Y-%m-%d %H:%M:%S} UTC, {sum(dump.rows.values())} rows, {dump.schema_}",
            "it lacks what was written since" + (":" if changed else "; each table has as many rows as now"),
            *changed,
        ]
    )


def restore_report(name: str, dump: Manifest, old: str, *, drop_old: bool) -> str:
    """Return the result, and where the old data are."""
    kept = "the old database is dropped" if drop_old else f"the old database is kept as {old} until the next backup"
    return f"{name} has the data of {dump.name}; {kept}"
