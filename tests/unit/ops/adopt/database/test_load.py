"""A dump of another server is restored to its end, or refused."""

import gzip
import subprocess
from pathlib import Path

import pytest

from components.data.backup import PROGRAMS
from ops.adopt.database.dump_file import Form
from ops.adopt.database.new_database import SCRIPTS
from tests.unit.server_programs import ServerPrograms

SQL = "create table a ();\n"
HAS_TABLE = 'case "$*" in *to_regclass*) echo t; exit ;; esac\n'


@pytest.fixture
def server(tmp_path: Path) -> ServerPrograms:
    """A server on which each dump loads."""
    found = ServerPrograms.make(tmp_path)
    found.answer("psql", HAS_TABLE)
    return found


def load(server: ServerPrograms, form: Form = Form.PLAIN, content: bytes = SQL.encode()) -> str:
    """Load a dump; return why that failed, or nothing."""
    file = server.folder / "old.dump"
    file.write_bytes(content)
    text = (SCRIPTS / "load.sh").read_text()
    ended: subprocess.CompletedProcess[str] = server.run("-c", text, PROGRAMS / "load.sh", "litellm_adopt", file, form)
    assert (ended.returncode == 0) is (ended.stderr == "")
    return ended.stderr.strip()


@pytest.mark.parametrize(
    ("form", "content"),
    [(Form.PLAIN, SQL.encode()), (Form.GZIP, gzip.compress(SQL.encode(), mtime=0)), (Form.CUSTOM, b"PGDMP")],
    ids=["plain", "gzip", "custom"],
)
def test_dump_of_each_form_is_loaded(server: ServerPrograms, form: Form, content: bytes) -> None:
    server.answer("psql", f'{HAS_TABLE} case "$*" in *"-Xq -d"*) cat >"$CALLS.sql" ;; esac')
    assert load(server, form, content) == ""
    if form is not Form.CUSTOM:
        assert (server.folder / "calls.sql").read_text() == SQL


def test_errors_that_do_not_matter_are_passed_over(server: ServerPrograms) -> None:
    error = "echo 'pg_restore: error: could not execute query: ERROR:  role \"llm\" does not exist' >&2; exit 1"
    server.answer("pg_restore", f'case "$*" in *--dbname*) {error} ;; esac')
    assert load(server, Form.CUSTOM) == ""


@pytest.mark.parametrize(("form", "program"), [(Form.PLAIN, "psql"), (Form.CUSTOM, "pg_restore")])
@pytest.mark.parametrize(
    "end", ["kill -9 $$", "echo 'connection to server was lost' >&2; exit 2"], ids=["killed", "lost"]
)
def test_program_that_did_not_come_to_its_end_is_refused(
    server: ServerPrograms, form: Form, program: str, end: str
) -> None:
    server.answer(program, f'{HAS_TABLE} case "$*" in *"-Xq -d"*|*--dbname*) {end} ;; esac')
    assert "the dump was not restored to its end: " in load(server, form)
    assert "vacuumdb" not in server.calls


@pytest.mark.parametrize(("form", "program"), [(Form.PLAIN, "psql"), (Form.CUSTOM, "pg_restore")])
def test_harmless_error_is_not_named_as_why_a_program_was_killed(
    server: ServerPrograms, form: Form, program: str
) -> None:
    harmless = """echo 'ERROR:  role "llm" does not exist' >&2"""
    server.answer(program, f'{HAS_TABLE} case "$*" in *"-Xq -d"*|*--dbname*) {harmless}; kill -9 $$ ;; esac')
    assert load(server, form).endswith("the dump was not restored to its end: its program was killed")


def test_dump_that_cannot_be_read_to_its_end_is_refused(server: ServerPrograms) -> None:
    server.answer("psql", f'{HAS_TABLE} case "$*" in *"-Xq -d"*) cat >/dev/null ;; esac')
    cut = gzip.compress(SQL.encode() * 1000)[:-20]
    assert load(server, Form.GZIP, cut).endswith("the dump cannot be read to its end")


def test_error_of_the_dump_is_named(server: ServerPrograms) -> None:
    server.answer("psql", f'{HAS_TABLE} case "$*" in *"-Xq -d"*) echo "psql: ERROR:  no such type" >&2 ;; esac')
    assert load(server) == "the dump cannot be restored: ERROR: no such type"


def test_dump_without_room_is_refused_before_a_database_is_made(server: ServerPrograms) -> None:
    server.answer("psql", f'{HAS_TABLE} case "$*" in *"from program"*) echo 2048 ;; esac')
    assert load(server) == "disk nearly full: 2 MiB free, 64 MiB needed for the restored database"
    assert "createdb" not in server.calls
