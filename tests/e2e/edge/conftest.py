"""A gateway with a TLS port, for all tests of the edge."""

from collections.abc import Iterator

import httpx
import pytest

from testbed.project import Project
from tests.e2e.edge.secure_edge import SecureEdge, secure_client, started


@pytest.fixture(scope="package")
def edge(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SecureEdge]:
    """The edge of a running gateway."""
    with started(tmp_path_factory.mktemp("edge")) as edge:
        yield edge


@pytest.fixture(scope="package")
def gateway(edge: SecureEdge) -> Project:
    """The gateway itself."""
    return edge.gateway


@pytest.fixture(scope="package")
def key(gateway: Project) -> str:
    """The master key."""
    return gateway.output("master_key")


@pytest.fixture(scope="module", params=[False, True], ids=["HTTP/1.1", "HTTP/2"])
def client(edge: SecureEdge, key: str, request: pytest.FixtureRequest) -> Iterator[httpx.Client]:
    """A client over TLS, by each HTTP."""
    with secure_client(edge, key, http2=request.param) as client:
        yield client
