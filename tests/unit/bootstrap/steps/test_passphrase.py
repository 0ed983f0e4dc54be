"""The passphrase is made once and read by its owner alone."""

import io
import threading
from pathlib import Path

import pytest

from bootstrap.execution.shell import Shell
from bootstrap.steps import passphrase
from bootstrap.steps.passphrase import MakePassphrase


@pytest.fixture
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(passphrase, "PASSPHRASE", tmp_path / ".passphrase")
    return tmp_path / ".passphrase"


def make() -> str:
    log = io.StringIO()
    MakePassphrase().run(Shell(log, threading.Event()))
    return log.getvalue()


def test_passphrase_is_32_random_bytes_for_its_owner(file: Path) -> None:
    make()
    assert len(file.read_text()) == 43
    assert file.stat().st_mode & 0o777 == 0o600


def test_existing_passphrase_is_kept(file: Path) -> None:
    make()
    before = file.read_text()
    make()
    assert file.read_text() == before


def test_log_does_not_hold_the_passphrase(file: Path) -> None:
    log = make()
    assert file.read_text() not in log
