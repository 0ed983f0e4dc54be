"""One running gateway for all end-to-end tests."""

from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
import yaml

from tests.e2e.leftovers import alone
from tests.e2e.project import Project, free_ports

ORDER = (
    "test_refusals",
    "test_gateway",
    "test_health",
    "test_models",
    "test_load",
    "test_doctor",
    "test_secrets",
    "test_changes",
    "test_lock",
    "test_rotate",
    "test_backup",
    "test_versions",
    "test_recovery",
    "test_outages",
    "test_outages",
    "test_admin_ui",
    "test_streams",
    "test_tls",
    "test_limits",
    "test_failures",
    "test_monitoring",
    "test_removal",
)
"""What needs no gateway first, what takes it down last."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put the tests into ORDER."""
    items.sort(key=lambda item: ORDER.index(item.path.stem) if item.path.stem in ORDER else 0)


def development() -> dict[str, object]:
    """Give the dev stack's configuration on ports of its own."""
    file = Path(__file__).parents[2] / "stacks" / "Pulumi.dev.yaml"
    config: dict[str, object] = yaml.safe_load(file.read_text())["config"]
    proxy_port, health_port = free_ports(2)
    return config | {"gateway:edge": {"proxy_port": proxy_port, "health_port": health_port}}


@pytest.fixture(scope="session")
def gateway(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Project]:
    """A gateway like dev's; destroyed at the end, whatever the tests left of it."""
    project = Project(tmp_path_factory.mktemp("gateway"), "e2e", development())
    with alone(project.stack):
        try:
            begin = project.must("up", "--yes", "--skip-preview")
            print(f"\nup took {begin.seconds:.1f} s")
            yield project
        finally:
            project.pulumi("destroy", "--yes", "--skip-preview", "--refresh")


@pytest.fixture(scope="session")
def proxy(gateway: Project) -> Iterator[httpx.Client]:
    """A client of the proxy that holds the master key."""
    headers = {"Authorization": f"Bearer {gateway.output('master_key')}"}
    # A connection kept idle would hold up whoever replaces the edge.
    limits = httpx.Limits(max_keepalive_connections=0)
    with httpx.Client(base_url=gateway.output("proxy_url"), headers=headers, timeout=60, limits=limits) as client:
        yield client
