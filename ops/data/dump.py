"""A dump of the database as its manifest tells of it."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError
from rich.table import Table

from ops.errors import OperationError

SUFFIX, MANIFEST_SUFFIX = ".dump", ".json"
TAKEN = "%Y%m%dT%H%M%SZ"


class Reason(StrEnum):
    """Why a dump was made."""

    MANUAL = "manual"
    SCHEDULE = "schedule"
    BEFORE_MIGRATION = "before-migration"


class Schema(BaseModel):
    """Which of LiteLLM's migrations a database has had."""

    model_config = ConfigDict(frozen=True)

    last: str | None
    """Name of the newest; None: there was none."""
    count: int = Field(ge=0)

    def __str__(self) -> str:
        """Name it in a sentence."""
        return f"{self.count} migrations, the last {self.last}" if self.last else "no migration"


class Database(BaseModel):
    """What a database is, live or dumped."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    stack: str
    salt_key: str
    """Fingerprint of the salt key that encrypts its credentials."""
    schema_: Schema = Field(alias="schema")
    rows: Mapping[str, int]
    """Rows of each table."""


class Manifest(Database):
    """What stands beside each dump, as NAME.json."""

    taken: Annotated[str, StringConstraints(pattern=r"^\d{8}T\d{6}Z$")]
    """UTC, e.g. 20260131T021500Z."""
    reason: Reason
    commit: str | None
    """Of the stack's last update; None where what dumps does not know it: the history of updates tells by the time."""
    image: str | None
    """LiteLLM that the schema belongs to; None where no container had noted it."""
    next_image: str | None
    """Before a migration: LiteLLM that it is for."""
    sha256: Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
    size: int
    """Bytes."""

    @property
    def name(self) -> str:
        """What the dump is called: its file without the suffix."""
        return f"{self.taken}-{self.reason}"

    @property
    def time(self) -> datetime:
        """When it was taken."""
        return datetime.strptime(self.taken, TAKEN).replace(tzinfo=UTC)


def read_manifest(text: str, origin: str) -> Manifest:
    """Read a manifest; `origin` names where the text stands.

    Raises:
        OperationError: when it is none.
    """
    try:
        return Manifest.model_validate(json.loads(text))
    except (ValidationError, json.JSONDecodeError) as error:
        raise OperationError(f"{origin} is no manifest of a dump") from error


def refusal(dump: Manifest, live: Database, *, any_schema: bool) -> str | None:
    """Say why a dump must not take the live database's place; None when it may."""
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
    """Give the place of a dump's manifest on this host."""
    return dump.with_suffix(MANIFEST_SUFFIX)


def read_file(dump: Path) -> Manifest:
    """Read the manifest of a dump on this host, and the dump as far as it has to be whole.

    Raises:
        OperationError: when there is no manifest beside it, or the dump is not what that says.
    """
    file = manifest_file(dump)
    if not file.is_file():
        raise OperationError(f"{file}: there is no such file; a dump's manifest stands beside it")
    manifest = read_manifest(file.read_text(), str(file))
    with dump.open("rb") as opened:
        if hashlib.file_digest(opened, "sha256").hexdigest() != manifest.sha256:
            raise OperationError(f"{dump} is not what its manifest says: its sha256 differs")
    return manifest


def table(dumps: Sequence[Manifest]) -> Table:
    """Show dumps, the newest first; no name is cut, since another verb asks for it."""
    shown = Table(box=None, pad_edge=False)
    shown.add_column("name", no_wrap=True, min_width=max((len(dump.name) for dump in dumps), default=0))
    for title in ("MiB", "rows", "migrations", "image"):
        shown.add_column(title, overflow="fold")
    for dump in sorted(dumps, key=lambda each: each.taken, reverse=True):
        image = dump.image.rpartition("/")[2] if dump.image else "not known"
        numbers = (f"{dump.size / 2**20:.1f}", str(sum(dump.rows.values())), str(dump.schema_.count))
        shown.add_row(dump.name, *numbers, image)
    return shown
