"""The database beside the live one, in which the old data are restored and migrated."""

import json
import tarfile
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

from docker.models.containers import Container
from pydantic import BaseModel, ConfigDict, Field

from components.data.backup import FOLDER
from components.engine.workload import PROGRAMS_FOLDER
from ops.adopt.database.dump_file import DumpFile
from ops.data.disk import require_disk
from ops.data.dump_store import POSTGRES_UID, SILENCE_TIMEOUT_SECONDS
from ops.data.manifest import Schema
from ops.stack.engines.docker_part import DockerPart

SCRIPTS = Path(__file__).parent
DUMP = ".adopt.dump"
"""Name of the old dump in the backups' volume, while it is restored."""
PIECE = 2**20


class Contents(BaseModel):
    """What a database of LiteLLM holds."""

    model_config = ConfigDict(frozen=True)

    rows: Mapping[str, int]
    """Number of rows of each table."""
    spend: Mapping[str, Decimal]
    """Sum of the column `spend` of each table that has one, USD."""
    schema_: Schema = Field(alias="schema")
    key: str
    """Hash of a virtual key that is still valid; empty if there is none."""
    models: Mapping[str, Any] = Field(repr=False)
    """Parameters of each stored model, by its id."""
    credentials: Mapping[str, Any] = Field(repr=False)


@dataclass(frozen=True)
class NewDatabase:
    """One database on the stack's server, reached through its backup container."""

    container: Container
    name: str

    @classmethod
    def beside(cls, container: Container) -> "NewDatabase":
        """Return a database that does not exist yet."""
        return cls(container, f"litellm_adopt_{time.strftime('%Y%m%dt%H%M%Sz', time.gmtime())}")

    def copy(self, dump: DumpFile) -> str:
        """Copy a dump into the backups' volume; return its path there.

        Raises:
            OperationError: if there is no room for it.
        """
        require_disk(self._part, dump.size, "the copy of the old dump")
        self.container.put_archive(FOLDER, dump_archive(dump))
        return f"{FOLDER}/{DUMP}"

    def load(self, path: str, form: str) -> None:
        """Create the database from a dump.

        Raises:
            OperationError: if the dump cannot be restored.
        """
        self._run("load", self.name, path, form)

    def contents(self) -> Contents:
        """Return what it holds."""
        return Contents.model_validate(json.loads(self._run("contents", self.name)))

    def take_over(self) -> str:
        """Put it in the live database's place; return the name that the old one has then."""
        return self._run("swap", self.name).strip().splitlines()[-1]

    def drop(self) -> None:
        """Remove it and the copy of the dump, as far as they exist."""
        text = f'. "${{0%/*}}/common.sh"; rm -f "$DUMPS/{DUMP}"; echo "$1" | drop_all'
        command = ("sh", "-c", text, f"{PROGRAMS_FOLDER}/drop.sh", self.name)
        self._part.run(lambda _: None, *command, name="drop")

    def _run(self, script: str, *arguments: str) -> str:
        """Run one of the scripts beside this file, which begin with the container's own programs."""
        pieces: list[bytes] = []
        text = (SCRIPTS / f"{script}.sh").read_text()
        command = ("sh", "-c", text, f"{PROGRAMS_FOLDER}/{script}.sh", *arguments)
        self._part.run(pieces.append, *command, name=f"{script}.sh")
        return b"".join(pieces).decode()

    @property
    def _part(self) -> DockerPart:
        return DockerPart(self.container, SILENCE_TIMEOUT_SECONDS)


def dump_archive(dump: DumpFile) -> Iterator[bytes]:
    """Yield a tar file with the dump, piece by piece: it may be larger than the memory."""
    entry = tarfile.TarInfo(DUMP)
    entry.size, entry.mode, entry.uid, entry.gid = dump.size, 0o600, POSTGRES_UID, POSTGRES_UID
    yield entry.tobuf()
    with dump.path.open("rb") as file:
        while piece := file.read(PIECE):
            yield piece
    yield b"\0" * (-dump.size % tarfile.BLOCKSIZE + 2 * tarfile.BLOCKSIZE)
