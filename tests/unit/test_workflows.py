"""The workflows: pinned actions, least rights, one run a stack at a time. `.ci/lint` checks their syntax."""

import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

PROJECT = Path(__file__).parents[2]
FOLDER = PROJECT / ".github" / "workflows"
FILES = sorted(FOLDER.glob("*.yml"))
RIGHTS = {"contents": "read", "actions": "read", "pull-requests": "write"}
SHARDS = {"edge", "acme", "clients", "data", "updates", "monitoring", "hardening", "history"}
ON_THE_ENGINE = ("preview", "up", "drift")


def jobs(name: str) -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load((FOLDER / f"{name}.yml").read_text())["jobs"]
    return found


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_actions_are_pinned_by_commit_and_leave_no_credentials(file: Path) -> None:
    text = file.read_text()
    used = re.findall(r"uses: (\S+)", text)
    assert [each for each in used if not re.fullmatch(r"actions/[a-z-]+@[0-9a-f]{40}|\./\.github/.*", each)] == []
    assert text.count("actions/checkout@") == text.count("persist-credentials: false")


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_workflow_has_only_the_rights_it_uses(file: Path) -> None:
    document = yaml.safe_load(file.read_text())
    given = [document["permissions"], *(job.get("permissions", {}) for job in document["jobs"].values())]
    allowed = {**RIGHTS, "contents": "write"} if file.stem == "release" else RIGHTS
    assert all(rights.items() <= allowed.items() for rights in given)


@pytest.mark.parametrize("workflow", ["ci", "nightly"])
def test_workflow_verifies_every_shard(workflow: str) -> None:
    assert set(jobs(workflow)["verify"]["strategy"]["matrix"]["shard"]) == SHARDS


@pytest.fixture
def release(tmp_path: Path) -> Path:
    (tmp_path / ".ci").mkdir()
    shutil.copy(PROJECT / ".ci" / "release-notes", tmp_path / ".ci")
    (tmp_path / "pyproject.toml").write_text('version = "0.2.0"\n')
    (tmp_path / "CHANGELOG.md").write_text(
        "# Changelog\n\n## Unreleased\n- later\n\n## 0.2.0 - 2026-12-01\n- this\n\n## 0.1.0 - 2026-11-01\n- before\n"
    )
    return tmp_path / ".ci" / "release-notes"


def test_release_notes_are_the_tag_s_section(release: Path) -> None:
    assert subprocess.run([release, "v0.2.0"], capture_output=True, text=True, check=True).stdout.strip() == "- this"


@pytest.mark.parametrize("tag", ["v0.1.0", "v0.2", "v0.3.0"])
def test_tag_of_another_version_is_refused(release: Path, tag: str) -> None:
    assert subprocess.run([release, tag], capture_output=True, check=False).returncode == 1


@pytest.mark.parametrize("name", ON_THE_ENGINE)
def test_stack_has_one_run_at_a_time(name: str) -> None:
    group = jobs(name)[name]["concurrency"]
    assert group["group"].startswith("stack-")
    assert not group.get("cancel-in-progress")


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_script_takes_foreign_text_from_its_environment_only(file: Path) -> None:
    scripts = re.findall(r"run: \|\n((?:          .*\n)+)", file.read_text())
    assert not [script for script in scripts if "${{" in script]


def test_fork_s_code_never_runs_beside_the_gateway() -> None:
    assert "head.repo.full_name == github.repository" in jobs("preview")["preview"]["if"]
    assert "head.repo.full_name == github.repository" in jobs("deploy")["staging"]["if"]
