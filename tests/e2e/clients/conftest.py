"""A gateway with a TLS port, for clients of all kinds."""

from collections.abc import Iterator

import pytest

from testbed.project import Project
from tests.e2e.edge.secure_edge import SecureEdge, started


@pytest.fixture(scope="package")
def edge(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SecureEdge]:
    """The edge of a running gateway, which listens on IPv6's loopback too."""
    with started(tmp_path_factory.mktemp("clients"), "clients", more_addresses=["::1"]) as edge:
        yield edge


@pytest.fixture(scope="package")
def gateway(edge: SecureEdge) -> Project:
    """The gateway itself."""
    return edge.gateway


@pytest.fixture(scope="package")
def key(gateway: Project) -> str:
    """The master key."""
    return gateway.output("master_key")


@pytest.fixture(scope="package")
def url(gateway: Project) -> str:
    """Where clients reach the proxy without TLS."""
    return gateway.output("proxy_url")
