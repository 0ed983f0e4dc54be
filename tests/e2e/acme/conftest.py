"""A gateway with a certificate by ACME, for all tests of it."""

from collections.abc import Iterator

import pytest

from testbed.project import Project
from tests.e2e.acme.gateway import AcmeGateway, started
from tests.e2e.monitoring.prometheus import Prometheus


@pytest.fixture(scope="package")
def acme(tmp_path_factory: pytest.TempPathFactory) -> Iterator[AcmeGateway]:
    """The running gateway, which has a certificate."""
    with started(tmp_path_factory.mktemp("acme")) as acme:
        yield acme


@pytest.fixture(scope="package")
def gateway(acme: AcmeGateway) -> Project:
    """The gateway's project."""
    return acme.project


@pytest.fixture(scope="package")
def key(gateway: Project) -> str:
    """The master key."""
    return gateway.output("master_key")


@pytest.fixture
def prometheus(gateway: Project) -> Iterator[Prometheus]:
    """The gateway's Prometheus."""
    with Prometheus(gateway.config["gateway:monitoring"]["port"]) as prometheus:
        yield prometheus
