"""A restore swaps the databases at the word of a command that still lives, or changes nothing."""

import hashlib
import json
from pathlib import Path

import pytest

from components.data.backup import PROGRAMS
from tests.unit.server_programs import ServerPrograms

RESTORE = PROGRAMS / "restore.sh"
NAME = "20260131T021500Z-manual"


@pytest.fixture
def server(tmp_path: Path) -> ServerPrograms:
    """A server beside one dump."""
    content = b"PGDMP of a test"
    (tmp_path / f"{NAME}.dump").write_bytes(content)
    (tmp_path / f"{NAME}.json").write_text(json.dumps({"sha256": hashlib.sha256(content).hexdigest()}))
    return ServerPrograms.make(tmp_path)


def go_ahead(server: ServerPrograms) -> str:
    """Return a file that is there once the dump is loaded, as if a command had made it then."""
    file = server.folder / "go-ahead"
    server.answer("vacuumdb", f"touch {file}")
    return str(file)


@pytest.mark.parametrize("choice", ["keep-old", "drop-old"])
def test_without_a_go_ahead_the_live_database_stays(server: ServerPrograms, choice: str) -> None:
    ended = server.run(RESTORE, NAME, choice, str(server.folder / "go-ahead"), GO_AHEAD_SECONDS="0")
    assert ended.returncode == 1
    assert ended.stderr.strip() == "no go-ahead: whoever started this is gone, and the live database stays"
    assert "rename" not in server.calls
    new = server.calls.split("createdb --template=template0 ")[1].split()[0]
    assert server.calls.strip().endswith(f"dropdb --if-exists --force {new}")
    assert "before_restore" not in server.calls


def test_go_ahead_lets_the_databases_swap(server: ServerPrograms) -> None:
    ended = server.run(RESTORE, NAME, "keep-old", file := go_ahead(server))
    assert ended.returncode == 0, ended.stderr
    old = ended.stdout.splitlines()[-1]
    assert f"alter database litellm rename to {old};" in server.calls
    assert not Path(file).exists()
    assert f"dropdb --if-exists --force {old}" not in server.calls


def test_old_database_is_dropped_where_asked(server: ServerPrograms) -> None:
    ended = server.run(RESTORE, NAME, "drop-old", go_ahead(server))
    assert f"dropdb --if-exists --force {ended.stdout.splitlines()[-1]}" in server.calls


def test_old_database_that_stays_is_named(server: ServerPrograms) -> None:
    server.answer("dropdb", 'case "$*" in *before_restore*) exit 1 ;; esac')
    ended = server.run(RESTORE, NAME, "drop-old", go_ahead(server))
    assert ended.returncode == 1
    assert ended.stderr.startswith(f"the database is that of {NAME}; the old one, litellm_before_restore_")


def test_restore_without_a_name_for_the_go_ahead_does_nothing(server: ServerPrograms) -> None:
    ended = server.run(RESTORE, NAME, "drop-old")
    assert ended.returncode != 0
    assert "the name of the file of the go-ahead is missing" in ended.stderr
    assert server.calls == ""


def test_damaged_dump_is_not_restored(server: ServerPrograms) -> None:
    (server.folder / f"{NAME}.dump").write_bytes(b"other")
    ended = server.run(RESTORE, NAME, "keep-old", go_ahead(server))
    assert ended.stderr.strip() == "the dump is not what its manifest says: its sha256 differs"
    assert "createdb" not in server.calls
