"""A runner's checkout is wiped: state and passphrase in it are refused, and those elsewhere outlive it."""

import shutil
import subprocess
from pathlib import Path

import pytest
import yaml

from testbed.configuration import development
from testbed.project import SOURCE, CommandResult, Project

WORKFLOWS = SOURCE / ".github" / "workflows"


@pytest.fixture
def project(tmp_path: Path) -> Project:
    """A checkout with an own repository, and a stack whose state and passphrase are in it as ignored files."""
    project = Project(tmp_path / "checkout", "hosts-runner", development())
    for command in (
        ("init", "--quiet"),
        ("add", "--all", ":!state", ":!passphrase", ":!.venv"),
        ("-c", "user.name=test", "-c", "user.email=test@localhost", "commit", "--quiet", "--message", "all"),
    ):
        subprocess.run(["git", *command], cwd=project.folder, check=True)
    return project


def check_out(project: Project) -> None:
    """Do what the step `actions/checkout` does before each run."""
    subprocess.run(["git", "clean", "-ffdx"], cwd=project.folder, check=True, capture_output=True)
    subprocess.run(["git", "reset", "--hard", "HEAD"], cwd=project.folder, check=True, capture_output=True)


def first_step(project: Project, workflow: str, environment: dict[str, str]) -> CommandResult:
    """Run the first command of a workflow's job, with its variables as GitHub hands them over."""
    job = yaml.safe_load((WORKFLOWS / f"{workflow}.yml").read_text())["jobs"][workflow]
    given = {name: environment.get(name, "") for name in job["env"]}
    command = next(step["run"] for step in job["steps"] if "run" in step)
    return project.run(["bash", "-e", "-c", command], environment={**given, "PULUMI_CONFIG_PASSPHRASE_FILE": ""})


@pytest.fixture
def with_scripts(project: Project) -> Project:
    """The checkout with the workflows' own scripts."""
    shutil.copytree(SOURCE / ".ci", project.folder / ".ci")
    return project


@pytest.mark.parametrize("workflow", ["preview", "up", "drift"])
def test_a_workflow_without_its_variables_ends_before_anything_is_made(with_scripts: Project, workflow: str) -> None:
    ended = first_step(with_scripts, workflow, {})
    assert ended.exit_code == 1
    assert "PULUMI_BACKEND_URL is empty: the state would be in this checkout, which is wiped each time" in ended.output
    ended = first_step(with_scripts, workflow, {"PULUMI_BACKEND_URL": "s3://state"})
    assert "PULUMI_CONFIG_PASSPHRASE is empty" in ended.output


def test_a_stack_with_its_state_elsewhere_outlives_the_checkout(with_scripts: Project, tmp_path: Path) -> None:
    project = with_scripts
    assert (project.folder / "state").is_dir()
    passphrase = (project.folder / "passphrase").read_text()
    elsewhere = {"PULUMI_BACKEND_URL": f"file://{tmp_path}/state", "PULUMI_CONFIG_PASSPHRASE": passphrase}
    (tmp_path / "state").mkdir()
    assert first_step(project, "up", elsewhere).output == ""
    project.environment |= elsewhere
    project.must("stack", "init", project.stack)
    project.must("config", "set", "--secret", "--path", "gateway:provider_keys.OLLAMA_API_KEY", "sk-kept")
    subprocess.run(["git", "add", "stacks"], cwd=project.folder, check=True)
    commit = ("-c", "user.name=test", "-c", "user.email=test@localhost", "commit", "--quiet", "--message", "key")
    subprocess.run(["git", *commit], cwd=project.folder, check=True)
    check_out(project)
    assert not (project.folder / "state").exists()
    assert not (project.folder / "passphrase").exists()
    assert "sk-kept" in project.must("config", "get", "--path", "gateway:provider_keys.OLLAMA_API_KEY").output
    assert project.stack in project.must("stack").output
