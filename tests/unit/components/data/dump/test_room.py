"""A dump and a restore begin where there is room for them: Postgres stops where its disk is full."""

import hashlib
import json
from pathlib import Path

import pytest

from components.data.backup import PROGRAMS
from tests.unit.server_programs import ServerPrograms

CONTENT = b"PGDMP of a test"
SIZE_KIB = 2**30
FREE = """case "$*" in *"from program"*) echo {free} ;; *pg_database_size*) echo {size} ;; esac"""


@pytest.fixture
def server(tmp_path: Path) -> ServerPrograms:
    """A server beside one dump."""
    (tmp_path / "a.dump").write_bytes(CONTENT)
    (tmp_path / "a.json").write_text(json.dumps({"sha256": hashlib.sha256(CONTENT).hexdigest()}))
    return ServerPrograms.make(tmp_path)


def restore(server: ServerPrograms) -> str:
    return server.run(PROGRAMS / "restore.sh", "a", "keep-old", "none", GO_AHEAD_SECONDS="0").stderr.strip()


def test_restore_without_room_makes_no_database(server: ServerPrograms) -> None:
    server.answer("psql", FREE.format(free=70 * 1024, size=1))
    server.answer("pg_restore", 'case "$*" in *--file=-*) head -c 10485760 /dev/zero ;; esac')
    assert restore(server) == "disk nearly full: 70 MiB free, 84 MiB needed for the restored database"
    assert "createdb" not in server.calls


@pytest.mark.parametrize("free", [70 * 1024, ""], ids=["enough", "not told"])
def test_restore_with_room_goes_on(server: ServerPrograms, free: object) -> None:
    server.answer("psql", FREE.format(free=free, size=1))
    assert "no go-ahead" in restore(server)
    assert "createdb" in server.calls


@pytest.mark.parametrize(
    ("free", "size", "purpose"),
    [("", SIZE_KIB * 2**20, "a dump and its proof"), (1024, 1, "the proof of a dump")],
    ids=["beside the dumps", "at the server"],
)
def test_dump_without_room_is_not_begun(server: ServerPrograms, free: object, size: int, purpose: str) -> None:
    server.answer("psql", FREE.format(free=free, size=size))
    ended = server.run(PROGRAMS / "dump.sh", "manual", IMAGE="litellm:1")
    assert ended.returncode == 1
    assert ended.stderr.startswith("disk nearly full: ")
    assert ended.stderr.strip().endswith(f"needed for {purpose}")
    assert not list(server.folder.glob(".*unfinished"))
