"""The dumps of a stack: they are in the volume of its backup container or pod, which also makes and restores them."""

import hashlib
import io
import json
import os
import tarfile
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console
from rich.progress import Progress, wrap_file

from components.data.backup import ALIAS, FOLDER
from components.engine.workload import PROGRAMS_FOLDER
from ops.data.disk import require_disk
from ops.data.manifest import (
    DUMP_SUFFIX,
    MANIFEST_SUFFIX,
    Database,
    DumpReason,
    Manifest,
    checksum_error,
    manifest_file,
    parse_manifest,
)
from ops.data.steps import run_steps
from ops.data.swap import Swap
from ops.errors import OperationError
from ops.stack.engines.engine import stack_engine
from ops.stack.engines.part import RunningPart

POSTGRES_UID = 999
"""Owner of the files in the volume."""
SILENCE_TIMEOUT_SECONDS = 7200
"""Longest time without a line of output from a dump or a restore."""
LIST_TIMEOUT_SECONDS = 60
"""Longest time without an answer to what is only read."""


class NotRunning(OperationError):
    """The stack does not run, so its dumps cannot be read."""


@dataclass(frozen=True)
class DumpStore:
    """The dumps of one stack."""

    part: RunningPart
    console: Console

    def dumps(self) -> list[Manifest]:
        """Return the dumps, the oldest first."""
        command = ("sh", "-c", f"cat /dev/null {FOLDER}/*{MANIFEST_SUFFIX} 2>/dev/null || true")
        text = self._text(*command, name="the list of dumps")
        return sorted((parse_manifest(line, ALIAS) for line in text.splitlines()), key=lambda dump: dump.taken)

    def dump(self, name: str) -> Manifest:
        """Return the dump of this name, which may end with the suffix.

        Raises:
            OperationError: if there is none.
        """
        found = self.dumps()
        name = name.removesuffix(DUMP_SUFFIX)
        for each in found:
            if each.name == name:
                return each
        newest = f"the newest is {found[-1].name}" if found else "there is none yet"
        raise OperationError(f"{name}: no such file, and no dump of that name; {newest}")

    def live(self) -> Database:
        """Return what the live database holds."""
        return Database.model_validate(json.loads(self._text("sh", f"{PROGRAMS_FOLDER}/live.sh")))

    def make(self, reason: DumpReason, commit: str) -> Manifest:
        """Dump the database; when this returns, the dump was restored and counted."""
        return self.dump(run_steps(self.part, self.console, "dump.sh", reason.value, commit))

    def restore(self, dump: Manifest, *, drop_old: bool) -> str:
        """Replace the live database with a dump; return the new name of the old database."""
        return Swap(self.part, self.console, dump.name).run(drop_old=drop_old)

    def fetch(self, dump: Manifest, folder: Path) -> Path:
        """Copy a dump and its manifest to a folder of this host, readable by this user alone; return the copy.

        Raises:
            OperationError: if the folder cannot be written or the copy is damaged.
        """
        target, part = folder / f"{dump.name}{DUMP_SUFFIX}", folder / f".{dump.name}.part"
        try:
            folder.mkdir(parents=True, exist_ok=True)
            part.touch(mode=0o600)
        except OSError as error:
            raise OperationError(f"{folder}: the dump cannot be copied there: {error.strerror}") from error
        digest = hashlib.sha256()
        with Progress(console=self.console, transient=True) as progress, _private(part) as file:
            task = progress.add_task(f"copying {dump.name}", total=dump.size)

            def take(piece: bytes) -> None:
                file.write(piece)
                digest.update(piece)
                progress.advance(task, len(piece))

            self.part.run(take, "cat", f"{FOLDER}/{dump.name}{DUMP_SUFFIX}")
        if digest.hexdigest() != dump.sha256:
            part.unlink()
            raise OperationError(checksum_error(dump.name))
        with _private(target.with_suffix(MANIFEST_SUFFIX)) as file:
            file.write(self._text("cat", f"{FOLDER}/{dump.name}{MANIFEST_SUFFIX}").encode())
        return part.rename(target)

    def put(self, file: Path, dump: Manifest) -> None:
        """Copy a dump from this host into the volume, unless it is there already."""
        if dump in self.dumps():
            return
        require_disk(self.part, file.stat().st_size, "the copy of the dump")
        line = (json.dumps(json.loads(manifest_file(file).read_text())) + "\n").encode()
        with tempfile.TemporaryFile() as archive:
            with tarfile.open(fileobj=archive, mode="w") as tar, file.open("rb") as content:
                tar.addfile(_tar_entry(dump, DUMP_SUFFIX, file.stat().st_size), content)
                # Last: a dump with a manifest is complete.
                tar.addfile(_tar_entry(dump, MANIFEST_SUFFIX, len(line)), io.BytesIO(line))
            total = archive.tell()
            archive.seek(0)
            with wrap_file(archive, total, description=f"copying {dump.name}", console=self.console) as read:
                self.part.put(FOLDER, read, total)

    def _text(self, *command: str, name: str = "") -> str:
        pieces: list[bytes] = []
        self.part.run(pieces.append, *command, name=name)
        return b"".join(pieces).decode()


@contextmanager
def open_dump_store(stack: str, silence: int = SILENCE_TIMEOUT_SECONDS) -> Iterator[DumpStore]:
    """Open the dumps of a running stack.

    Args:
        stack: its name.
        silence: longest time without output of what runs in the container, in seconds.

    Raises:
        NotRunning: if its backup container does not run.
        OperationError: if the engine does not answer.
    """
    with stack_engine(stack).part(ALIAS, silence) as part:
        if part is None:
            raise NotRunning(f"{stack} has no running backup container: `python -m ops up {stack}` starts it")
        yield DumpStore(part, Console())


@contextmanager
def _private(path: Path) -> Iterator[io.BufferedWriter]:
    """Open a file for writing that only this user may read."""
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
        yield file


def _tar_entry(dump: Manifest, suffix: str, size: int) -> tarfile.TarInfo:
    entry = tarfile.TarInfo(f"{dump.name}{suffix}")
    entry.size, entry.mode, entry.mtime = size, 0o600, dump.time.timestamp()
    entry.uid = entry.gid = POSTGRES_UID
    return entry
