"""A second update says whom it waits for."""

import json
import os
import socket
from pathlib import Path

import pytest

from ops.state_lock import Holder, Lock, read_locks, refusal

SINCE = "2030-01-01T00:00:00Z"


def lock(process: int = 1, host: str | None = None) -> Lock:
    return Lock(process, "ann", host or socket.gethostname(), SINCE)


def test_locks_are_read_from_a_file_backend(tmp_path: Path) -> None:
    folder = tmp_path / ".pulumi" / "locks" / "organization" / "gateway" / "dev"
    folder.mkdir(parents=True)
    told = {"pid": 7, "username": "ann", "hostname": "far", "timestamp": SINCE}
    (folder / "one.json").write_text(json.dumps(told))
    assert read_locks(f"file://{tmp_path}", "gateway", "dev") == [Lock(7, "ann", "far", SINCE)]
    assert read_locks(f"file://{tmp_path}", "gateway", "prod") == []


@pytest.mark.parametrize("backend", ["", "s3://bucket", "postgres://host/state", "https://api.pulumi.com"])
def test_other_backends_keep_their_locks_to_themselves(backend: str) -> None:
    assert read_locks(backend, "gateway", "dev") == []


def test_a_process_of_another_host_is_never_taken_for_ended() -> None:
    assert lock(host="far").holder() is Holder.ELSEWHERE


def test_a_process_that_is_gone_or_is_another_program_has_ended() -> None:
    assert lock(process=2**22 + 1).holder() is Holder.ENDED
    assert lock(process=os.getpid()).holder() is Holder.ENDED


def test_a_pulumi_that_runs_holds_its_lock(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Path, "read_bytes", lambda _: b"pulumi\0up\0--stack\0dev\0")
    assert lock().holder() is Holder.RUNS


def test_a_refusal_says_who_since_when_and_what_to_do() -> None:
    assert refusal("dev", lock(process=2**22 + 1)) == (
        f"dev is locked by ann@{socket.gethostname()} (process {2**22 + 1}) since {SINCE};"
        " that process has ended: `python -m ops recover dev`"
    )
    assert refusal("dev", lock(host="far")).endswith("if no update runs there, `pulumi cancel`")
