"""From an existing deployment to a stack: its files, then its data. The old deployment is only read."""

import sys
from collections.abc import Callable
from pathlib import Path

import docker
import typer
from docker.models.containers import Container

from ops.adopt.build import build, read_files
from ops.adopt.check import check
from ops.adopt.database.dump_file import read_dump
from ops.adopt.database.import_data import Import, Source
from ops.adopt.database.new_database import NewDatabase
from ops.adopt.database.old_server import OldServer, parse_url
from ops.adopt.draft import Draft
from ops.adopt.table import table
from ops.adopt.write import require_new, stack_file, write_stack
from ops.errors import OperationError
from ops.stack.backend.ownership import require_no_objects
from ops.stack.engines.docker import DockerStack
from ops.stack.project import read_text
from ops.update.deploy import deploy


def adopt_files(name: str, config: Path, env: Path | None, compose: Path | None, *, yes: bool) -> None:
    """Show where each key of the old files goes, ask, then write the stack.

    Raises:
        OperationError: if the stack exists already, or the old files ask for what the gateway refuses.
    """
    require_new(name)
    require_no_objects(name, DockerStack(name))
    old = read_files(config, env, compose)
    draft = build(name, old, config.parent, env)
    print(table(draft, old.keys()))
    warnings = check(draft)
    print("\n".join(["", *notes(draft, warnings)]))
    if not yes:
        typer.confirm(f"Write the stack {name}?", abort=True)
    names = ", ".join(file.name for file in (config, env, compose) if file)
    write_stack(draft, f"Adopted from {names}.")
    print(
        f"wrote stacks/Pulumi.{name}.yaml and {draft.folder}: {len(draft.models)} models,"
        f" {len(draft.secrets)} encrypted secrets\nnext: python -m ops preview {name}"
    )


def adopt_data(name: str, source: Source, *, prove_key: Path | None, yes: bool) -> None:
    """Deploy the stack, ask, then put the old data into its database.

    Raises:
        OperationError: if there is no such stack, or a step fails, with what stands then.
    """
    if not stack_file(name).is_file():
        raise OperationError(f"there is no stack {name}: give the old config.yaml with --config too")
    key = read_secret(prove_key) if prove_key else None
    if not yes:
        typer.confirm(f"Start {name}, or update it?", abort=True)
    # A provider that does not answer at the moment is no reason to leave the data behind.
    deploy(name, message="adopt an existing deployment", test=False)
    Import(name, source, key, yes=yes).run()


def source_of(name: str, dump: Path | None, database: str | None) -> Source | None:
    """Return where the old data come from; None if no data are given.

    Raises:
        OperationError: if both are given, the dump cannot be used, or the URL stands on the command line.
    """
    if dump and database:
        raise OperationError("give either --dump or --database")
    if dump:
        return _from_dump(dump)
    return _from_server(name, database) if database else None


def notes(draft: Draft, warnings: list[str]) -> list[str]:
    """Return what to know before the stack is written."""
    return [f"note: {text}" for text in draft.notes] + [f"warning: {text}" for text in warnings]


def read_secret(file: Path) -> str:
    """Return the first line of a file; `-` is standard input."""
    text = sys.stdin.readline() if str(file) == "-" else read_text(file)
    return text.strip().partition("\n")[0]


def _from_dump(path: Path) -> Source:
    dump = read_dump(path)

    def copy(_: docker.DockerClient, __: Container, database: NewDatabase) -> tuple[str, str]:
        return database.copy(dump), dump.form

    return copy


def _from_server(name: str, given: str) -> Callable[[docker.DockerClient, Container, NewDatabase], tuple[str, str]]:
    if "://" in given:
        cure = "write it to a file that only you can read, and give that file, or `-` for standard input"
        raise OperationError(f"--database: other users can read arguments, and the URL holds a password; {cure}")
    server = OldServer(name, parse_url(read_secret(Path(given))))
    return lambda engine, container, _: server.dump(engine, container)
