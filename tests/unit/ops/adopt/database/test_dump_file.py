"""Files that pg_dump made, and others."""

import gzip
from pathlib import Path

import pytest

from ops.adopt.database.dump_file import Form, read_dump
from ops.errors import OperationError

PLAIN = r"""--
-- PostgreSQL database dump
--

\restrict abc
SET statement_timeout = 0;
CREATE TABLE public.a (b text);
COPY public.a (b) FROM stdin;
\N
\connect is a text here
\.
-- PostgreSQL database dump complete
\unrestrict abc
"""
COMPRESSED = gzip.compress(PLAIN.encode(), mtime=0)


def write(folder: Path, content: bytes) -> Path:
    file = folder / "old.dump"
    file.write_bytes(content)
    return file


@pytest.mark.parametrize(
    ("content", "form"),
    [
        (b"PGDMP\x01\x0e", Form.CUSTOM),
        (PLAIN.encode(), Form.PLAIN),
        (COMPRESSED, Form.GZIP),
    ],
)
def test_each_form_is_known(tmp_path: Path, content: bytes, form: Form) -> None:
    found = read_dump(write(tmp_path, content))
    assert (found.form, found.size) == (form, len(content))


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (
            PLAIN.replace("\\restrict", "\\connect litellm\n\\restrict"),
            "line 5: commands of psql are not run; make it with",
        ),
        (PLAIN.replace("\\restrict", "\\! id\n\\restrict"), "line 5: commands of psql are not run"),
        (PLAIN.replace("database dump\n", "database cluster dump\n", 1), "is a dump of all databases"),
        ("select 1;", "is no dump that `pg_dump` made"),
        (PLAIN[:200], "is cut off: its end is missing"),
        ("", "is no dump that `pg_dump` made"),
    ],
)
def test_what_is_no_dump_of_one_database_is_refused(tmp_path: Path, text: str, reason: str) -> None:
    with pytest.raises(OperationError) as refused:
        read_dump(write(tmp_path, text.encode()))
    assert reason in str(refused.value)


@pytest.mark.parametrize(
    "content",
    [COMPRESSED[:-20], COMPRESSED[:10] + b"\xff" * 90, COMPRESSED[:-8] + b"\xff" * 8],
    ids=["cut off", "data", "checksum"],
)
def test_a_compressed_dump_that_is_cut_off_or_damaged_is_refused(tmp_path: Path, content: bytes) -> None:
    with pytest.raises(OperationError, match=r"cannot be read: it is cut off or damaged$"):
        read_dump(write(tmp_path, content))


def test_a_file_that_is_missing_is_named(tmp_path: Path) -> None:
    with pytest.raises(OperationError, match=r"none cannot be read: no such file or directory$"):
        read_dump(tmp_path / "none")
