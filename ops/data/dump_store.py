"""Where all dumps of a stack stand: the volume of its backup container, which also makes and restores them."""

import hashlib
import io
import json
import os
import tarfile
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import docker
from docker.errors import DockerException
from docker.models.containers import Container
from rich.console import Console
from rich.progress import Progress, wrap_file

from components.data.backup import ALIAS, FOLDER
from components.engine.labels import STACK_LABEL, WORKLOAD_LABEL
from components.engine.workload import PROGRAMS_FOLDER
from ops.data.dump import MANIFEST_SUFFIX, SUFFIX, Database, Manifest, Reason, manifest_file, read_manifest
from ops.errors import OperationError

USER = 999
"""Of the files in the volume: Postgres's own."""
PATIENCE = 7200
"""Seconds without a line of output, after which a dump or a restore is given up."""


class NotRunning(OperationError):
    """The stack does not run, so nothing can be said of its dumps."""


@dataclass(frozen=True)
class DumpStore:
    """The dumps of one stack."""

    container: Container
    console: Console

    def dumps(self) -> list[Manifest]:
        """List the dumps, the oldest first."""
        text = self._text("sh", "-c", f"cat /dev/null {FOLDER}/*{MANIFEST_SUFFIX} 2>/dev/null || true")
        return sorted((read_manifest(line, ALIAS) for line in text.splitlines()), key=lambda dump: dump.taken)

    def dump(self, name: str) -> Manifest:
        """Find a dump by its name, with or without the suffix.

        Raises:
            OperationError: when there is none of that name.
        """
        found = self.dumps()
        name = name.removesuffix(SUFFIX)
        for each in found:
            if each.name == name:
                return each
        newest = f"the newest is {found[-1].name}" if found else "there is none yet"
        raise OperationError(f"{name}: no such file, and no dump of that name; {newest}")

    def live(self) -> Database:
        """Tell what the live database is."""
        return Database.model_validate(json.loads(self._text("sh", f"{PROGRAMS_FOLDER}/live.sh")))

    def make(self, reason: Reason, commit: str) -> Manifest:
        """Dump the database; the dump has been restored and counted when this ends."""
        return self.dump(self._steps("dump.sh", reason.value, commit))

    def restore(self, dump: Manifest, *, drop_old: bool) -> str:
        """Put a dump in the live database's place and give the name that the old database has now."""
        return self._steps("restore.sh", dump.name, *(["drop-old"] if drop_old else []))

    def fetch(self, dump: Manifest, folder: Path) -> Path:
        """Copy a dump and its manifest to this host; nobody else may read them."""
        folder.mkdir(parents=True, exist_ok=True)
        target, part = folder / f"{dump.name}{SUFFIX}", folder / f".{dump.name}.part"
        digest = hashlib.sha256()
        with Progress(console=self.console, transient=True) as progress, _private(part) as file:
            task = progress.add_task(f"copying {dump.name}", total=dump.size)

            def take(piece: bytes) -> None:
                file.write(piece)
                digest.update(piece)
                progress.advance(task, len(piece))

            self._run(take, "cat", f"{FOLDER}/{dump.name}{SUFFIX}")
        if digest.hexdigest() != dump.sha256:
            part.unlink()
            raise OperationError(f"{dump.name} is not what its manifest says: its sha256 differs")
        with _private(target.with_suffix(MANIFEST_SUFFIX)) as file:
            file.write(self._text("cat", f"{FOLDER}/{dump.name}{MANIFEST_SUFFIX}").encode())
        return part.rename(target)

    def put(self, file: Path, dump: Manifest) -> None:
        """Copy a dump of this host to the others, unless it is among them."""
        if dump in self.dumps():
            return
        line = (json.dumps(json.loads(manifest_file(file).read_text())) + "\n").encode()
        with tempfile.TemporaryFile() as archive:
            with tarfile.open(fileobj=archive, mode="w") as tar, file.open("rb") as opened:
                tar.addfile(_entry(dump, SUFFIX, file.stat().st_size), opened)
                # Last: what has a manifest is whole.
                tar.addfile(_entry(dump, MANIFEST_SUFFIX, len(line)), io.BytesIO(line))
            total = archive.tell()
            archive.seek(0)
            with wrap_file(archive, total, description=f"copying {dump.name}", console=self.console) as read:
                self.container.put_archive(FOLDER, read)

    def _steps(self, program: str, *arguments: str) -> str:
        """Run a program of the container, show its steps, and give its last line: what it made."""
        lines: list[str] = []
        rest = bytearray()
        with self.console.status("") as status:

            def take(piece: bytes) -> None:
                rest.extend(piece)
                *whole, last = rest.decode(errors="replace").split("\n")
                rest[:] = last.encode()
                for line in whole:
                    if lines:
                        self.console.print(lines[-1], highlight=False)
                    lines.append(line)
                    status.update(line)

            self._run(take, "sh", f"{PROGRAMS_FOLDER}/{program}", *arguments)
        return lines[-1]

    def _text(self, *command: str) -> str:
        pieces: list[bytes] = []
        self._run(pieces.append, *command)
        return b"".join(pieces).decode()

    def _run(self, take: Callable[[bytes], object], *command: str) -> None:
        """Run a command in the container and hand over what it writes.

        Raises:
            OperationError: when it fails, with the last line that it wrote to standard error.
        """
        api = self.container.client.api  # type: ignore[union-attr]
        started = api.exec_create(self.container.id, list(command))["Id"]
        errors = bytearray()
        for out, error in api.exec_start(started, stream=True, demux=True):
            if out:
                take(out)
            errors += error or b""
        if api.exec_inspect(started)["ExitCode"]:
            last = errors.decode(errors="replace").strip().splitlines()[-1:] or ["it says no more"]
            raise OperationError(f"{command[-1].rpartition('/')[2]} failed: {last[0]}")


@contextmanager
def opened(stack: str) -> Iterator[DumpStore]:
    """Open the dumps of a stack that runs.

    Raises:
        NotRunning: when its backup container does not run.
        OperationError: when the engine does not answer.
    """
    labels = [f"{STACK_LABEL}={stack}", f"{WORKLOAD_LABEL}={ALIAS}"]
    try:
        engine = docker.from_env(timeout=PATIENCE)
        found = engine.containers.list(filters={"label": labels})
        if not found:
            raise NotRunning(f"{stack} has no running backup container: `python -m ops up {stack}` starts it")
        yield DumpStore(found[0], Console())
    except (DockerException, OSError) as error:
        raise OperationError(f"the Docker engine did not answer: {error}") from error


@contextmanager
def _private(path: Path) -> Iterator[io.BufferedWriter]:
    """Open a file that only this user may read."""
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
        yield file


def _entry(dump: Manifest, suffix: str, size: int) -> tarfile.TarInfo:
    entry = tarfile.TarInfo(f"{dump.name}{suffix}")
    entry.size, entry.mode, entry.uid, entry.gid, entry.mtime = size, 0o600, USER, USER, dump.time.timestamp()
    return entry
