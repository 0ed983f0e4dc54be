"""The manifest of a dump: what is in it, and which database it may replace."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError
from rich.table import Table
from rich.text import Text

from ops.errors import OperationError
from ops.stack.project import read_text

DUMP_SUFFIX, MANIFEST_SUFFIX = ".dump", ".json"
TIME_FORMAT = "%Y%m%dT%H%M%SZ"


class DumpReason(StrEnum):
    """Why a dump was made."""

    MANUAL = "manual"
    SCHEDULE = "schedule"
    BEFORE_MIGRATION = "before-migration"


class Schema(BaseModel):
    """Which of LiteLLM's migrations a database has."""

    model_config = ConfigDict(frozen=True)

    last: str | None
    """Name of the newest migration; None if there is none."""
    count: int = Field(ge=0)

    def __str__(self) -> str:
        """Return it as part of a sentence."""
        return f"{self.count} migrations, the last {self.last}" if self.last else "no migration"


class Database(BaseModel):
    """A database, live or dumped."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    stack: str
    salt_key: str
    """Fingerprint of the salt key that encrypts its credentials."""
    schema_: Schema = Field(alias="schema")
    rows: Mapping[str, int]
    """Number of rows of each table."""


class Manifest(Database):
    """Describes a dump; it is stored beside it as NAME.json."""

    taken: Annotated[str, StringConstraints(pattern=r"^\d{8}T\d{6}Z$")]
    """UTC, e.g. 20260131T021500Z."""
    reason: DumpReason
    commit: str | None
    """Of the stack's last update; None for scheduled dumps, whose container does not know it."""
    image: str | None
    """LiteLLM's image that the schema belongs to; None if it is not known."""
    next_image: str | None
    """Before a migration: LiteLLM's image that it is for."""
    sha256: Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
    size: int
    """Bytes."""

    @property
    def name(self) -> str:
        """Name of the dump: its file without the suffix."""
        return f"{self.taken}-{self.reason}"

    @property
    def time(self) -> datetime:
        """When the dump was taken."""
        return datetime.strptime(self.taken, TIME_FORMAT).replace(tzinfo=UTC)


def parse_manifest(text: str, origin: str) -> Manifest:
    """Return a manifest; `origin` names where the text is from.

    Raises:
        OperationError: if the text is not a manifest.
    """
    try:
        return Manifest.model_validate(json.loads(text))
    except (ValidationError, json.JSONDecodeError) as error:
        raise OperationError(f"{origin} is not a manifest of a dump") from error


def not_restorable(dump: Manifest, live: Database, *, any_schema: bool) -> str | None:
    """Return why a dump must not replace the live database; None if it may."""
    if dump.salt_key != live.salt_key:
        return (
            f"{dump.name} was made under another salt key ({dump.salt_key}, here {live.salt_key}): the credentials"
            " in it would be unreadable; restore it where the state holds that key"
        )
    if not any_schema and dump.schema_ != live.schema_:
        made_by = f" {dump.image}" if dump.image else " of that time"
        return (
            f"{dump.name} has another schema than the running LiteLLM's: {dump.schema_}; here {live.schema_};"
            f" run the image{made_by} first, or give --allow-schema"
        )
    return None


def manifest_file(dump: Path) -> Path:
    """Return where the manifest of a dump on this host is."""
    return dump.with_suffix(MANIFEST_SUFFIX)


def read_manifest(dump: Path) -> Manifest:
    """Return the manifest of a dump on this host; its checksum is verified.

    Raises:
        OperationError: if there is no manifest beside it, or the dump differs from it.
    """
    file = manifest_file(dump)
    if not file.is_file():
        raise OperationError(f"{file}: there is no such file; the manifest has to be beside the dump")
    manifest = parse_manifest(read_text(file), str(file))
    with dump.open("rb") as content:
        if hashlib.file_digest(content, "sha256").hexdigest() != manifest.sha256:
            raise OperationError(checksum_error(str(dump)))
    return manifest


def checksum_error(dump: str) -> str:
    """Return the error for a damaged dump."""
    return f"{dump} is not what its manifest says: its sha256 differs"


def manifest_table(dumps: Sequence[Manifest]) -> Table:
    """Return a table of dumps, the newest first; names are never cut, as `restore` needs them whole."""
    table = Table(box=None, pad_edge=False)
    table.add_column("name", no_wrap=True, min_width=max((len(dump.name) for dump in dumps), default=0))
    for title in ("MiB", "rows", "migrations", "image"):
        table.add_column(title, overflow="fold")
    for dump in sorted(dumps, key=lambda each: each.taken, reverse=True):
        image = dump.image.rpartition("/")[2] if dump.image else "not known"
        numbers = (f"{dump.size / 2**20:.1f}", str(sum(dump.rows.values())), str(dump.schema_.count))
        table.add_row(dump.name, *numbers, Text(image))
    return table
