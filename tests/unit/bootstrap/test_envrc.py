"""`source .envrc` gives the environment from any directory, in bash and zsh, and keeps what is set before."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

ENVRC = Path(__file__).resolve().parents[3] / ".envrc"


@pytest.fixture
def project(tmp_path: Path) -> Path:
    root = tmp_path / "a project"
    for program in (".venv/bin/python", ".cache/pulumi/bin/pulumi"):
        (root / program).parent.mkdir(parents=True)
        (root / program).write_text("#!/bin/sh\n")
        (root / program).chmod(0o755)
    shutil.copy(ENVRC, root)
    return root


def source(shell: str, project: Path, **before: str) -> dict[str, str]:
    path = shutil.which(shell)
    if path is None:
        pytest.skip(f"no {shell} here")
    script = f'set -eu; . "{project}/.envrc"; . "{project}/.envrc"; env -0'
    environment = {"PATH": os.defpath, "HOME": "/"} | before
    output = subprocess.run((path, "-c", script), cwd="/", env=environment, capture_output=True, check=True).stdout
    return dict(line.split("=", 1) for line in output.decode().split("\0") if line)


@pytest.mark.parametrize("shell", ["bash", "zsh"])
def test_envrc_works_from_another_directory(project: Path, shell: str) -> None:
    found = source(shell, project)
    assert found["PATH"].split(":")[:2] == [f"{project}/.cache/pulumi/bin", f"{project}/.venv/bin"]
    assert found["PATH"].count(f"{project}/.venv/bin") == 1
    assert found["VIRTUAL_ENV"] == f"{project}/.venv"
    assert found["PULUMI_HOME"] == f"{project}/.cache/pulumi/home"
    assert found["PULUMI_BACKEND_URL"] == f"file://{project}/.cache/state"
    assert (project / ".cache/state").is_dir()
    assert found["PULUMI_CONFIG_PASSPHRASE_FILE"] == f"{project}/.passphrase"
    assert found["PULUMI_SKIP_UPDATE_CHECK"] == "true"
    assert "GATEWAY_ROOT" not in found


def test_envrc_keeps_what_is_set(project: Path) -> None:
    found = source("bash", project, PULUMI_BACKEND_URL="s3://state", PULUMI_HOME="/p", PULUMI_CONFIG_PASSPHRASE="x")
    assert (found["PULUMI_BACKEND_URL"], found["PULUMI_HOME"]) == ("s3://state", "/p")
    assert "PULUMI_CONFIG_PASSPHRASE_FILE" not in found
    assert not (project / ".cache/state").exists()


@pytest.mark.parametrize("shell", ["bash", "zsh"])
def test_own_state_folder_that_was_moved_away_is_made_again(project: Path, shell: str) -> None:
    own = project / ".cache/state"
    assert source(shell, project, PULUMI_BACKEND_URL=f"file://{own}")["PULUMI_BACKEND_URL"] == f"file://{own}"
    assert own.is_dir()


def test_folder_of_another_backend_is_not_made(project: Path, tmp_path: Path) -> None:
    source("bash", project, PULUMI_BACKEND_URL=f"file://{tmp_path}/state")
    assert not (tmp_path / "state").exists()
    assert not (project / ".cache/state").exists()


@pytest.mark.parametrize("shell", ["bash", "zsh"])
@pytest.mark.parametrize("name", ["PULUMI_BACKEND_URL", "PULUMI_CONFIG_PASSPHRASE"])
def test_variable_that_nobody_filled_in_is_refused(project: Path, shell: str, name: str) -> None:
    with pytest.raises(subprocess.CalledProcessError) as refused:
        source(shell, project, **{name: ""})
    assert b"is empty: give it a value, or unset it\n" in refused.value.stderr
    assert not (project / ".cache/state").exists()


@pytest.mark.parametrize("shell", ["bash", "zsh"])
def test_backend_without_a_scheme_is_refused(project: Path, shell: str) -> None:
    with pytest.raises(subprocess.CalledProcessError) as refused:
        source(shell, project, PULUMI_BACKEND_URL="/var/lib/state")
    assert refused.value.stderr.startswith(b"error: PULUMI_BACKEND_URL: should begin with a scheme")


def test_envrc_leaves_the_system_s_pulumi_where_bootstrap_put_none(project: Path) -> None:
    shutil.rmtree(project / ".cache/pulumi")
    assert source("bash", project)["PATH"].split(":")[0] == f"{project}/.venv/bin"
