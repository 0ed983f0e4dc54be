"""bootstrap/run refuses systems that it does not know, and leaves nothing to root that a user needs."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from bootstrap.project import ROOT

SUDO_USER = 65534


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A checkout whose Python and packages are there; its Python does nothing."""
    (tmp_path / "bootstrap").mkdir()
    shutil.copy(ROOT / "bootstrap" / "run", tmp_path / "bootstrap")
    for name in ("requirements.txt", "requirements-dev.txt"):
        (tmp_path / name).write_text("")
    program(tmp_path / ".venv" / "bin" / "python", '[ "$1" = -m ] || exit 0\necho "python $*"\nexit "${STATUS:-0}"\n')
    sums = subprocess.run(
        ["sha256sum", "requirements.txt", "requirements-dev.txt"], cwd=tmp_path, capture_output=True, check=True
    )
    (tmp_path / ".venv" / "requirements.sha256").write_bytes(sums.stdout)
    (tmp_path / ".passphrase").write_text("hush")
    return tmp_path


def program(file: Path, text: str) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(f"#!/bin/sh\n{text}")
    file.chmod(0o755)


def bootstrap(checkout: Path, **environment: str) -> "subprocess.CompletedProcess[str]":
    path = f"{checkout}/programs:{os.environ['PATH']}"
    return subprocess.run(
        [checkout / "bootstrap" / "run", "--plan"],
        env={"PATH": path, **environment},
        capture_output=True,
        text=True,
        check=False,
    )


def test_bootstrap_passes_its_arguments_and_its_exit_code_on(checkout: Path) -> None:
    assert bootstrap(checkout).stdout == "python -m bootstrap --plan\n"
    assert bootstrap(checkout, STATUS="3").returncode == 3


@pytest.mark.parametrize("name", ["PULUMI_BACKEND_URL", "PULUMI_CONFIG_PASSPHRASE"])
def test_variable_that_nobody_filled_in_is_refused_before_anything_is_made(checkout: Path, name: str) -> None:
    ended = bootstrap(checkout, **{name: ""})
    assert ended.returncode == 1
    assert ended.stderr == f"bootstrap: {name} is empty: give it a value, or unset it\n"
    assert not (checkout / ".cache").exists()


def test_other_systems_are_refused_in_one_sentence(checkout: Path) -> None:
    program(checkout / "programs" / "uname", "echo Darwin\n")
    ended = bootstrap(checkout)
    assert ended.returncode == 1
    assert ended.stderr == "bootstrap: this is Darwin: the gateway needs a Linux machine, whose Docker engine it uses\n"
    assert not (checkout / ".cache").exists()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root may give files away")
@pytest.mark.parametrize("status", ["0", "1"])
def test_what_sudo_makes_belongs_to_the_user_who_called_it(checkout: Path, status: str) -> None:
    bootstrap(checkout, SUDO_UID=str(SUDO_USER), SUDO_GID=str(SUDO_USER), STATUS=status)
    made = [checkout / name for name in (".cache", ".cache/logs", ".venv", ".venv/bin/python", ".passphrase")]
    assert {file.stat().st_uid for file in made} == {SUDO_USER}
    assert (checkout / "requirements.txt").stat().st_uid == 0
