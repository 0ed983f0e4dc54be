"""The workflows: pinned actions, least rights, one run a stack at a time. `.ci/lint` checks their syntax."""

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

FOLDER = Path(__file__).parents[2] / ".github" / "workflows"
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
def test_a_workflow_has_no_right_but_those_it_uses(file: Path) -> None:
    document = yaml.safe_load(file.read_text())
    given = [document["permissions"], *(job.get("permissions", {}) for job in document["jobs"].values())]
    assert all(rights.items() <= RIGHTS.items() for rights in given)


@pytest.mark.parametrize("name", ON_THE_ENGINE)
def test_a_stack_has_one_run_at_a_time(name: str) -> None:
    group = jobs(name)[name]["concurrency"]
    assert group["group"].startswith("stack-")
    assert not group.get("cancel-in-progress")


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_what_others_wrote_reaches_no_script_but_by_its_environment(file: Path) -> None:
    scripts = re.findall(r"run: \|\n((?:          .*\n)+)", file.read_text())
    assert not [script for script in scripts if "${{" in script]


def test_code_of_a_fork_never_runs_beside_the_gateway() -> None:
    assert "head.repo.full_name == github.repository" in jobs("preview")["preview"]["if"]
    assert "head.repo.full_name == github.repository" in jobs("deploy")["staging"]["if"]
