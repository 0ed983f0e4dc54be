"""The gateway of a user without root, on a port that only root may bind."""

import os
from collections.abc import Iterator

import pytest

from testbed.configuration import development
from testbed.gateway import running
from testbed.project import Project
from tests.e2e.hosts.low_port import low_port
from tests.e2e.hosts.person import PersonalProject, person

NETWORKS = tuple(
    argument
    for urn in (
        "gateway:index:Secrets::secrets",
        "random:index/randomPassword:RandomPassword::salt-key",
        "gateway:index:Networks::networks",
        "docker:index/network:Network::**",
    )
    for argument in ("--target", f"**{urn}")
)
"""What Pulumi is asked for where only networks are wanted: they wait for the stack's identity."""


@pytest.fixture(scope="package")
def root() -> None:
    """Skip where users, namespaces and engines cannot be made."""
    if os.geteuid():
        pytest.skip("needs root")


@pytest.fixture(scope="package")
def gateway(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Project]:
    """The running gateway. If the tests run without root, their own user deploys it."""
    config = development()
    config["gateway:edge"]["proxy_port"] = low_port()
    if os.geteuid():
        with running(Project(tmp_path_factory.mktemp("hosts"), "hosts", config)) as gateway:
            yield gateway
    else:
        with person() as user, running(PersonalProject(user, "hosts", config)) as gateway:
            yield gateway


@pytest.fixture
def owned_by_root(root: None, gateway: Project) -> Iterator[Project]:
    """The gateway, whose next commands run as root."""
    assert isinstance(gateway, PersonalProject)
    with gateway.as_root():
        yield gateway
