"""A gateway like dev's on databases that the tests run beside it."""

from collections.abc import Iterator

import pytest

from testbed.configuration import development
from testbed.engine_lock import exclusive
from testbed.external_databases import ExternalDatabases, external_databases
from testbed.gateway import running
from testbed.project import Project

STACK = "databases"


@pytest.fixture(scope="package")
def outer() -> Iterator[ExternalDatabases]:
    """The servers. No other test run uses the engine meanwhile."""
    with exclusive(STACK), external_databases() as outer:
        yield outer


@pytest.fixture(scope="package")
def gateway(tmp_path_factory: pytest.TempPathFactory, outer: ExternalDatabases) -> Iterator[Project]:
    """The running gateway."""
    project = Project(tmp_path_factory.mktemp(STACK), STACK, development())
    monitoring = {"gateway:monitoring": {"enabled": True}}
    project.configure(project.config | monitoring | outer.settings(project.folder))
    outer.set_passwords(project)
    with running(project) as gateway:
        yield gateway
