"""What is asked of the container that holds the dumps."""

import hashlib
import io
import json
import stat
import tarfile
from pathlib import Path

import pytest
from rich.console import Console

from ops.data.dump_store import DumpStore
from ops.data.manifest import DumpReason
from ops.errors import OperationError
from ops.stack.engines.docker_part import DockerPart
from tests.unit.ops.dumps import CONTENT, MANIFEST, Engine, line, manifest

WHOLE = hashlib.sha256(CONTENT).hexdigest()
STEPS = b"dumping\nproving the dump\n20260131T021500Z-manual\n"


def store(**answers: tuple[bytes, bytes, int]) -> tuple[DumpStore, Engine]:
    own = {"cat /dev/null": (line() + line(taken="20250101T000000Z"), b"", 0), "require_disk": (b"", b"", 0)}
    engine = Engine(own | answers)
    return DumpStore(DockerPart(engine, 60), Console()), engine  # type: ignore[arg-type]


def test_dumps_are_listed_by_age() -> None:
    assert [dump.taken for dump in store()[0].dumps()] == ["20250101T000000Z", "20260131T021500Z"]


@pytest.mark.parametrize("name", ["20260131T021500Z-manual", "20260131T021500Z-manual.dump"])
def test_a_dump_is_found_with_and_without_its_suffix(name: str) -> None:
    assert store()[0].dump(name) == manifest()


def test_a_dump_that_is_not_there_is_refused_with_the_newest() -> None:
    with pytest.raises(
        OperationError, match=r"^gone: no such file, and no dump .*; the newest is 20260131T021500Z-manual$"
    ):
        store()[0].dump("gone")


def test_a_backup_shows_its_steps_and_gives_the_dump(capsys: pytest.CaptureFixture[str]) -> None:
    found, engine = store(**{"dump.sh": (STEPS, b"", 0)})
    assert found.make(DumpReason.MANUAL, "c0ffee") == manifest()
    assert engine.ran[0][-2:] == ["manual", "c0ffee"]
    assert capsys.readouterr().out.splitlines() == ["dumping", "proving the dump"]


def test_a_step_is_shown_letter_by_letter(capsys: pytest.CaptureFixture[str]) -> None:
    steps = b"dumping [public] [/v1/key] :bug:\n20260131T021500Z-manual\n"
    store(**{"dump.sh": (steps, b"", 0)})[0].make(DumpReason.MANUAL, "c0ffee")
    assert capsys.readouterr().out.splitlines() == ["dumping [public] [/v1/key] :bug:"]


def test_a_backup_that_fails_ends_with_the_container_s_own_reason() -> None:
    found, _ = store(**{"dump.sh": (b"dumping\n", b"pg_dump: warning\ndisk nearly full: 3 MiB free\n", 1)})
    with pytest.raises(OperationError, match=r"disk nearly full: 3 MiB free$"):
        found.make(DumpReason.MANUAL, "")


@pytest.mark.parametrize("drop_old", [True, False])
def test_the_old_database_is_dropped_only_where_asked(drop_old: bool) -> None:  # noqa: FBT001
    found, engine = store(**{"restore.sh": (b"swapping\nlitellm_before_restore_1\n", b"", 0)})
    assert found.restore(manifest(), drop_old=drop_old) == "litellm_before_restore_1"
    assert engine.ran[0][2:4] == ["20260131T021500Z-manual", "drop-old" if drop_old else "keep-old"]


def test_a_copy_on_this_host_is_whole_and_for_its_owner_alone(tmp_path: Path) -> None:
    found, _ = store(**{".dump": (CONTENT, b"", 0), "manual.json": (line(), b"", 0)})
    copy = found.fetch(manifest(sha256=WHOLE), tmp_path / "new")
    assert copy.read_bytes() == CONTENT
    assert json.loads(copy.with_suffix(".json").read_text()) == MANIFEST
    files = list((tmp_path / "new").iterdir())
    assert {stat.S_IMODE(file.stat().st_mode) for file in files} == {0o600}
    assert len(files) == 2


def test_a_copy_that_is_not_whole_is_not_kept(tmp_path: Path) -> None:
    found, _ = store(**{".dump": (CONTENT[:-1], b"", 0)})
    with pytest.raises(OperationError, match="its sha256 differs"):
        found.fetch(manifest(sha256=WHOLE), tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_a_file_of_this_host_goes_to_the_others_with_its_manifest_last(tmp_path: Path) -> None:
    found, engine = store()
    file = tmp_path / "renamed.dump"
    file.write_bytes(CONTENT)
    file.with_suffix(".json").write_text(json.dumps(MANIFEST | {"taken": "20260601T000000Z"}, indent=2))
    found.put(file, manifest(taken="20260601T000000Z"))
    ((_, archive),) = engine.put
    with tarfile.open(fileobj=io.BytesIO(archive)) as tar:
        members = tar.getmembers()
        assert [member.name for member in members] == ["20260601T000000Z-manual.dump", "20260601T000000Z-manual.json"]
        assert {(member.mode, member.uid) for member in members} == {(0o600, 999)}
        text = tar.extractfile(members[1])
        assert text is not None
        assert text.read().count(b"\n") == 1


def test_a_file_without_room_is_not_copied(tmp_path: Path) -> None:
    found, engine = store(require_disk=(b"", b"disk nearly full: 3 MiB free\n", 1))
    file = tmp_path / "renamed.dump"
    file.write_bytes(CONTENT)
    with pytest.raises(OperationError, match=r"^the copy failed: disk nearly full: 3 MiB free$"):
        found.put(file, manifest(taken="20260601T000000Z"))
    assert engine.put == []


def test_a_dump_that_is_there_is_not_copied_again(tmp_path: Path) -> None:
    found, engine = store()
    found.put(tmp_path / "any.dump", manifest())
    assert engine.put == []
