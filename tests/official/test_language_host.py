"""Every folder in which Pulumi runs has the Python environment that the vendor's language host insists on."""

import os
import shutil
from pathlib import Path

import pytest

from testbed.configuration import development
from testbed.project import Project

HOST = Path(__file__).with_name("language_host")
PROGRAM = """\
import sys
import pulumi
pulumi.export("python", sys.executable)
"""


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Project:
    """A test's copy of the project; its language host insists as the vendor's does."""
    monkeypatch.setenv("PATH", f"{HOST}:{os.environ['PATH']}")
    return Project(tmp_path / "copy", "host", development())


def test_a_test_project_is_previewed_with_its_own_environment(project: Project) -> None:
    preview = project.must("preview")
    assert f"using pulumi-language-python from $PATH at {HOST}" in preview.output
    assert "docker:index:Container litellm-1 create" in preview.output


def test_another_program_runs_with_an_environment_of_its_own_folder(project: Project, tmp_path: Path) -> None:
    program = tmp_path / "other.py"
    program.write_text(PROGRAM)
    preview = project.pulumi("preview", program=program)
    assert preview.exit_code == 0, preview.output
    assert f"{project.folder}/programs/other/.venv/bin/python" in preview.output


def test_a_project_without_an_environment_is_refused(project: Project) -> None:
    shutil.rmtree(project.folder / ".venv")
    preview = project.pulumi("preview")
    assert preview.exit_code != 0
    assert "the Pulumi SDK has not been installed" in preview.output
