"""The provider waits as long as it is told, and no longer."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from components.images.source import image_reference, resolve_source
from testbed.configuration import development
from testbed.engine_lock import exclusive, remove
from testbed.project import CommandResult, Project

PROGRAM = Path(__file__).with_name("slow_job.py")
SECONDS = 8


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Project]:
    """A project with a stack of its own, which has nothing but the job."""
    project = Project(tmp_path_factory.mktemp("timeouts"), "timeouts", development())
    with exclusive(project.stack):
        yield project
        remove(project.stack)


def run(project: Project, limit: str) -> CommandResult:
    """Run the job anew with this limit for its creation."""
    remove(project.stack)
    environment = {
        "SLOW_IMAGE": image_reference("redis", resolve_source()),
        "SLOW_SECONDS": str(SECONDS),
        "SLOW_LIMIT": limit,
    }
    arguments = ("up", "--yes", "--skip-preview", "--refresh")
    return project.pulumi(*arguments, program=PROGRAM, environment=environment)


def test_provider_ends_an_operation_at_its_limit(project: Project) -> None:
    result = run(project, "3s")
    assert result.exit_code != 0
    assert "context deadline exceeded" in result.output


def test_provider_waits_for_an_operation_within_its_limit(project: Project) -> None:
    result = run(project, "60s")
    assert result.exit_code == 0, result.output
    (job,) = project.containers()
    assert job.attrs["State"]["Status"] == "exited"
