"""A container that never becomes healthy fails alone."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from components.stack.settings import Settings
from testbed.configuration import development
from testbed.project import Project

PROGRAM = Path(__file__).with_name("two_waits.py")


@pytest.fixture
def project(tmp_path: Path) -> Iterator[Project]:
    """A stack of which nothing exists yet."""
    project = Project(tmp_path, "waits", development())
    yield project
    project.must("destroy", "--yes", "--skip-preview")


def test_operations_beside_a_container_that_never_becomes_healthy_go_on(project: Project) -> None:
    image = Settings.model_validate({"images": project.config.get("gateway:images", {})}).images.reference("redis")
    updated = project.pulumi("up", "--yes", "--skip-preview", program=PROGRAM, environment={"WAITS_IMAGE": image})
    assert updated.exit_code != 0
    assert "never-healthy" in updated.output
    assert "healthy state" in updated.output
    assert "panic" not in updated.output
    assert "later-healthy created" in updated.output
    assert "+ 2 created" in updated.output
