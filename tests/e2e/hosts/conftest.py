"""The gateway of a user without root, on a port that only root may bind."""

import os
from collections.abc import Iterator

import pytest

from testbed.configuration import development
from testbed.gateway import running
from testbed.project import Project
from tests.e2e.hosts.low_port import low_port
from tests.e2e.hosts.person import PersonalProject, person


@pytest.fixture(scope="package", autouse=True)
def root() -> None:
    """Users, namespaces and engines of their own are root's to make."""
    if os.geteuid():
        pytest.skip("needs root")


@pytest.fixture(scope="package")
def gateway() -> Iterator[Project]:
    """The running gateway."""
    config = development()
    config["gateway:edge"]["proxy_port"] = low_port()
    with person() as user, running(PersonalProject(user, "hosts", config)) as gateway:
        yield gateway


@pytest.fixture
def owned_by_root(gateway: Project) -> Iterator[Project]:
    """The gateway, whose next commands run as root."""
    assert isinstance(gateway, PersonalProject)
    with gateway.as_root():
        yield gateway
