"""A gateway with a certificate by ACME, for all tests of it."""

from collections.abc import Iterator

import pytest

from testbed.project import Project
from testbed.wait import wait_until
from tests.e2e.acme.gateway import HOST, VALIDITY_SECONDS, AcmeGateway, started
from tests.e2e.acme.watch import watched
from tests.e2e.monitoring.prometheus import Prometheus

ALERT_SECONDS = 60
"""How long after its issue a certificate is so near its end that an alert fires."""


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
    """A Prometheus that watches the gateway's certificate."""
    with watched(gateway, HOST, (VALIDITY_SECONDS - ALERT_SECONDS) / 86400) as prometheus:
        wait_until(lambda: prometheus.total("probe_success"), 60)
        yield prometheus
