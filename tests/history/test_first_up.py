"""The first `pulumi up` is killed at ten moments: `recover` finishes it each time."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from testbed.completion import status
from testbed.engine_lock import exclusive, remove
from testbed.project import Project
from tests.history.conftest import configuration
from tests.history.interrupted import kill_update

STACK = "first"
MOMENTS = 10


@pytest.fixture
def project(tmp_path: Path) -> Iterator[Project]:
    """A stack of which nothing exists yet."""
    project = Project(tmp_path, STACK, configuration())
    with exclusive(project.stack):
        yield project
        if project.pulumi("destroy", "--yes", "--skip-preview", "--refresh").exit_code:
            remove(project.stack)


@pytest.fixture(scope="module")
def seconds(tmp_path_factory: pytest.TempPathFactory) -> float:
    """How long the first update takes when it is not killed."""
    project = Project(tmp_path_factory.mktemp("first"), STACK, configuration())
    with exclusive(project.stack):
        taken = project.up().seconds
        project.must("destroy", "--yes", "--skip-preview")
    print(f"\nthe first update takes {taken:.1f} s")
    return taken


@pytest.mark.parametrize("number", range(MOMENTS))
def test_first_update_that_was_killed_is_recovered(seconds: float, project: Project, number: int) -> None:
    moment = seconds * (number + 0.5) / MOMENTS
    killed = kill_update(project, lambda now, _: now >= moment)
    recovered = project.ops("recover", project.stack, "--yes")
    print(f"\n{moment:5.1f} s: killed at `{killed.last_line[:70]}`, recovered in {recovered.seconds:.0f} s")
    assert recovered.exit_code == 0, recovered.output
    project.up()
    project.expect_no_changes()
    assert status(project.output("proxy_url"), project.output("master_key")) == 200
