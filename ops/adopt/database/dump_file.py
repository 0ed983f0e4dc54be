"""A dump that pg_dump made: which form it has, and whether it may be restored here."""

import gzip
import re
import zlib
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from ops.errors import OperationError

HEAD_BYTES = 8192
COPY = re.compile(rb"COPY .* FROM stdin;\s*$")
COPY_END = b"\\."
ALLOWED = (b"\\restrict", b"\\unrestrict")
"""What pg_dump itself writes for psql. Anything else could run programs or go to another database."""


class Form(StrEnum):
    """How a dump is written."""

    CUSTOM = "custom"
    PLAIN = "plain"
    GZIP = "gzip"
    """Plain, and compressed."""


@dataclass(frozen=True)
class DumpFile:
    """One dump on this host."""

    path: Path
    form: Form

    @property
    def size(self) -> int:
        """Bytes."""
        return self.path.stat().st_size


def read_dump(path: Path) -> DumpFile:
    """Return what a file is; a plain one is read to its end.

    Raises:
        OperationError: if it is no dump of one database, or holds commands of psql that pg_dump does not write.
    """
    try:
        with path.open("rb") as file:
            head = file.read(HEAD_BYTES)
        if head.startswith(b"PGDMP"):
            return DumpFile(path, Form.CUSTOM)
        form = Form.GZIP if head.startswith(b"\x1f\x8b") else Form.PLAIN
        with gzip.open(path, "rb") if form is Form.GZIP else path.open("rb") as file:
            require_plain(path, file)
    except (OSError, EOFError, zlib.error) as error:
        reason = getattr(error, "strerror", None) or "it is cut off or damaged"
        raise OperationError(f"{path} cannot be read: {reason.lower()}") from error
    return DumpFile(path, form)


def require_plain(path: Path, lines: Iterable[bytes]) -> None:
    """Check that a text is what pg_dump writes of one database.

    Raises:
        OperationError: if it is not.
    """
    copying, complete, first = False, False, b""
    for number, line in enumerate(lines, start=1):
        first += line if number < 20 else b""
        if copying:
            copying = line.rstrip(b"\r\n") != COPY_END
        elif COPY.match(line):
            copying = True
        elif line.startswith(b"\\") and not line.startswith(ALLOWED):
            cure = "make it with `pg_dump`, without --create" if line.startswith(b"\\connect") else "it is no dump"
            raise OperationError(f"{path} line {number}: commands of psql are not run; {cure}")
        complete = complete or line.startswith(b"-- PostgreSQL database dump complete")
    if b"PostgreSQL database cluster dump" in first:
        raise OperationError(f"{path} is a dump of all databases; make one of LiteLLM's with `pg_dump`")
    if b"PostgreSQL database dump" not in first:
        raise OperationError(f"{path} is no dump that `pg_dump` made, in plain or custom form")
    if copying or not complete:
        raise OperationError(f"{path} is cut off: its end is missing")
