"""A gateway like dev's, for all tests of updates that fail or are cut off."""

from collections.abc import Iterator

import pytest

from testbed.configuration import development
from testbed.gateway import running
from testbed.project import Project


@pytest.fixture(scope="package")
def gateway(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Project]:
    """The running gateway."""
    with running(Project(tmp_path_factory.mktemp("recovery"), "recovery", development())) as gateway:
        yield gateway
