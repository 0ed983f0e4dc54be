"""What goes into containers as tar files."""

import io
import tarfile
from pathlib import Path

from ops.adopt.database.dump_file import DumpFile, Form
from ops.adopt.database.job_container import JobContainer
from ops.adopt.database.new_database import DUMP, dump_archive


def test_a_dump_goes_piece_by_piece_into_a_valid_archive(tmp_path: Path) -> None:
    content = bytes(range(256)) * 9000 + b"end"
    (tmp_path / "old.dump").write_bytes(content)
    pieces = list(dump_archive(DumpFile(tmp_path / "old.dump", Form.CUSTOM)))
    assert max(map(len, pieces)) <= 2**20
    with tarfile.open(fileobj=io.BytesIO(b"".join(pieces))) as tar:
        (entry,) = tar.getmembers()
        file = tar.extractfile(entry)
        assert file
        assert (entry.name, entry.mode, entry.uid, file.read()) == (DUMP, 0o600, 999, content)


def test_secrets_of_a_job_are_for_its_user_alone_and_never_shown() -> None:
    job = JobContainer("mine", "job", "image", "101:102", ("true",), {"url": "hush"})
    with tarfile.open(fileobj=io.BytesIO(job.archive())) as tar:
        entry = tar.getmember("run/secrets/url")
        assert (entry.mode, entry.uid, entry.gid) == (0o400, 101, 102)
    assert "hush" not in repr(job)
