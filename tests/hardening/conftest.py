"""One running gateway for all rows; it changes its configuration twice, between groups of rows."""

from collections.abc import Iterator
from pathlib import Path

import docker
import httpx
import pytest
import yaml
from docker.models.containers import Container

from tests.e2e.leftovers import alone
from tests.e2e.project import Project, free_ports
from tests.hardening.replica import Mock, wait_for
from tests.hardening.stack import Config, hardened

HARDENED = (
    "test_lockdown",
    "test_health",
    "test_database_pool",
    "test_redis_pool",
    "test_retries",
    "test_circuit_breaker",
    "test_database_timeouts",
    "test_alerting",
    "test_log_level",
    "test_batched_writes",
    "test_spend_logs",
    "test_salt_key",
)
"""Rows that the hardened configuration shows."""
ORDER = (*HARDENED, "test_graceful_shutdown", "test_before", "test_recycling")
"""The graceful shutdown replaces the hardened replica by one of before the hardening."""
AGED = """insert into "LiteLLM_SpendLogs" (request_id, call_type, "startTime", "endTime")
    select 'aged-' || days, 'acompletion', now() - days * interval '1 day', now() - days * interval '1 day'
    from unnest(array[29, 31]) as days"""
"""A spend log within its retention and one past it; the cleanup runs each minute while other rows are proved."""
RECEIVER = Path(__file__).with_name("webhook_receiver.py")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put the tests into ORDER."""
    items.sort(key=lambda item: ORDER.index(item.path.stem) if item.path.stem in ORDER else 0)


@pytest.fixture(scope="session")
def edge() -> Config:
    """Ports of the stack's own."""
    proxy_port, health_port = free_ports(2)
    return {"proxy_port": proxy_port, "health_port": health_port}


@pytest.fixture(scope="session")
def gateway(tmp_path_factory: pytest.TempPathFactory, edge: Config) -> Iterator[Project]:
    """The hardened gateway; destroyed at the end, whatever the tests left of it."""
    project = Project(tmp_path_factory.mktemp("hardening"), "hardening", hardened(edge))
    with alone(project.stack):
        try:
            project.must("config", "set", "--secret", "gateway:slack_webhook_url", "http://webhook:8099/alerts")
            begin = project.must("up", "--yes", "--skip-preview")
            print(f"\nup took {begin.seconds:.1f} s")
            project.sql(AGED)
            yield project
        finally:
            remove(project)


@pytest.fixture(scope="session")
def proxy(gateway: Project) -> Iterator[httpx.Client]:
    """A client of the proxy that holds the master key."""
    headers = {"Authorization": f"Bearer {gateway.output('master_key')}"}
    with httpx.Client(base_url=gateway.output("proxy_url"), headers=headers, timeout=120) as client:
        yield client


@pytest.fixture
def mock(gateway: Project) -> Iterator[Mock]:
    """The mock provider, counting anew; it answers at once and well again after the test."""
    mock = Mock(gateway)
    mock.set()
    yield mock
    mock.set()


@pytest.fixture(scope="session")
def webhook(gateway: Project) -> Iterator[Container]:
    """What stands in for Slack, on the front network: it prints each message it gets."""
    (network,) = gateway.container("provider").attrs["NetworkSettings"]["Networks"]
    receiver = docker.from_env().containers.create(
        gateway.container("litellm-1").image,
        [RECEIVER.read_text()],
        entrypoint=["python3", "-uc"],
        labels={"gateway.stack": gateway.stack, "gateway.workload": "webhook"},
        user="65534",
        network=network,
    )
    joined = docker.from_env().networks.get(network)
    joined.disconnect(receiver)
    joined.connect(receiver, aliases=["webhook"])
    receiver.start()
    try:
        # LiteLLM sends an alert once.
        wait_for(lambda: b"listening" in receiver.logs(), 60)
        yield receiver
    finally:
        receiver.remove(force=True)


def reconfigure(project: Project, config: Config) -> None:
    """Replace the stack's configuration, but for what Pulumi keeps in the same file."""
    document = yaml.safe_load(project.config_file.read_text())
    project.config_file.write_text(yaml.safe_dump({**document, "config": config}))


def remove(project: Project) -> None:
    """Destroy the stack, protected or not."""
    project.change("gateway:protect", False)  # noqa: FBT003
    project.pulumi("up", "--yes", "--skip-preview", "--refresh")
    project.pulumi("destroy", "--yes", "--skip-preview", "--refresh")
