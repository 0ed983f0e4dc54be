"""The workflows: pinned actions, least rights, one run a stack at a time. `.ci/lint` checks their syntax."""

import os
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
    (shards,) = re.findall(r"^SHARDS := (.+)$", (PROJECT / "Makefile").read_text(), re.MULTILINE)
    # On a runner the vendors' own images and Pulumi answer; `official` stands in for them elsewhere.
    expected = set(shards.split()) - {"official"}
    assert set(jobs(workflow)["verify"]["strategy"]["matrix"]["shard"]) == expected


def test_unit_tests_of_kubernetes_are_not_skipped() -> None:
    commands = [step.get("run", "") for step in jobs("ci")["unit"]["steps"]]
    assert [command.split()[-1] for command in commands[-2:]] == ["requirements-kubernetes.txt", "unit"]


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


@pytest.mark.parametrize("name", ON_THE_ENGINE)
def test_state_is_asked_for_before_anything_is_installed(name: str) -> None:
    commands = [step["run"] for step in jobs(name)[name]["steps"] if "run" in step]
    assert commands[:2] == [".ci/require-state", "bootstrap/run"]
    assert jobs(name)[name]["env"]["GATEWAY_IMAGE_SOURCE"] == "${{ vars.GATEWAY_IMAGE_SOURCE || 'official' }}"


def require_state(checkout: Path, **environment: str) -> str:
    """Return what the check says; empty if it is content."""
    given = {"PATH": os.defpath, "HOME": str(checkout / "home"), "GITHUB_WORKSPACE": str(checkout), **environment}
    command = [PROJECT / ".ci" / "require-state"]
    ended = subprocess.run(command, cwd=checkout, env=given, capture_output=True, text=True, check=False)
    assert (ended.returncode == 0) is (ended.stderr == "")
    return ended.stderr


@pytest.mark.parametrize(
    ("environment", "sentence"),
    [
        ({}, "error: PULUMI_BACKEND_URL is empty: the state would be in this checkout"),
        ({"PULUMI_BACKEND_URL": ""}, "error: PULUMI_BACKEND_URL is empty: "),
        ({"PULUMI_BACKEND_URL": "file://."}, "error: PULUMI_BACKEND_URL is in this checkout"),
        ({"PULUMI_BACKEND_URL": "file://.cache/../.cache/state"}, "error: PULUMI_BACKEND_URL is in this checkout"),
        ({"PULUMI_BACKEND_URL": "file://~/state"}, "error: PULUMI_BACKEND_URL is in this checkout"),
        ({"PULUMI_BACKEND_URL": "s3://state"}, "error: PULUMI_CONFIG_PASSPHRASE is empty: "),
        ({"PULUMI_BACKEND_URL": "s3://state", "PULUMI_CONFIG_PASSPHRASE": ""}, "PULUMI_CONFIG_PASSPHRASE is empty: "),
        (
            {"PULUMI_BACKEND_URL": "s3://state", "PULUMI_CONFIG_PASSPHRASE_FILE": ".passphrase"},
            "error: PULUMI_CONFIG_PASSPHRASE_FILE is in this checkout",
        ),
        (
            {"PULUMI_BACKEND_URL": "s3://state", "PULUMI_CONFIG_PASSPHRASE_FILE": "/nonexistent"},
            "error: PULUMI_CONFIG_PASSPHRASE_FILE: this user cannot read /nonexistent",
        ),
    ],
)
def test_state_or_passphrase_that_the_checkout_would_wipe_is_refused(
    tmp_path: Path, environment: dict[str, str], sentence: str
) -> None:
    said = require_state(tmp_path, **environment)
    assert sentence in said
    assert said.endswith("; docs/github-actions.md says how to set it\n")
    assert (PROJECT / "docs" / "github-actions.md").is_file()


@pytest.mark.parametrize("backend", ["s3://state", "postgres://x@db/state", "file:///srv/state", "file:///tmpx"])
def test_state_and_passphrase_outside_the_checkout_are_accepted(tmp_path: Path, backend: str) -> None:
    assert require_state(tmp_path, PULUMI_BACKEND_URL=backend, PULUMI_CONFIG_PASSPHRASE="hush") == ""
    checkout, file = tmp_path / "checkout", tmp_path / "passphrase"
    checkout.mkdir()
    file.write_text("hush")
    assert require_state(checkout, PULUMI_BACKEND_URL=backend, PULUMI_CONFIG_PASSPHRASE_FILE=str(file)) == ""


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_script_takes_foreign_text_from_its_environment_only(file: Path) -> None:
    scripts = re.findall(r"run: \|\n((?:          .*\n)+)", file.read_text())
    assert not [script for script in scripts if "${{" in script]


def test_fork_s_code_never_runs_beside_the_gateway() -> None:
    assert "head.repo.full_name == github.repository" in jobs("preview")["preview"]["if"]
    assert "head.repo.full_name == github.repository" in jobs("deploy")["staging"]["if"]
