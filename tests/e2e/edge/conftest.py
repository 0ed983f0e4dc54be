"""The shared gateway with a TLS port, while the tests of its edge run."""

from collections.abc import Iterator

import httpx
import pytest

from tests.e2e.edge.secure_edge import SecureEdge, secured, visitor
from tests.e2e.project import Project
from tests.hardening.replica import Mock


@pytest.fixture(scope="package")
def edge(gateway: Project) -> Iterator[SecureEdge]:
    with secured(gateway) as edge:
        yield edge


@pytest.fixture(scope="session")
def key(gateway: Project) -> str:
    return gateway.output("master_key")


@pytest.fixture(scope="module", params=[False, True], ids=["HTTP/1.1", "HTTP/2"])
def client(edge: SecureEdge, key: str, request: pytest.FixtureRequest) -> Iterator[httpx.Client]:
    with visitor(edge, key, http2=request.param) as client:
        yield client


@pytest.fixture
def mock(gateway: Project) -> Iterator[Mock]:
    """The mock provider, counting anew; as dev has it after the test."""
    mock = Mock(gateway)
    before = mock.client.get("/control").json()
    mock.set()
    yield mock
    mock.set(**before)
