"""One gateway whose history grows: updated twenty times, killed amid updates, its state moved to Postgres and back."""

from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from tests.e2e.conftest import development
from tests.e2e.leftovers import alone, remove
from tests.e2e.project import Project
from tests.history.client import Client, new_client

ORDER = ("test_updates", "test_killed", "test_postgres_backend", "test_runbook")
"""The first counts the versions from 1; the last removes the stack and makes another."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put the tests into ORDER."""
    items.sort(key=lambda item: ORDER.index(item.path.stem) if item.path.stem in ORDER else 0)


def configuration() -> dict[str, Any]:
    """Give dev's configuration, made so that each change touches what it names and an edge is soon replaced."""
    config: dict[str, Any] = development()
    config["gateway:edge"]["keepalive_timeout"] = 5
    # With `auto` another pool would restart Postgres.
    return config | {"gateway:postgres": {"max_connections": 200}}


@pytest.fixture(scope="session")
def gateway(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Project]:
    """A gateway under git; removed at the end, whatever the tests left of it."""
    project = Project(tmp_path_factory.mktemp("history"), "history", configuration())
    with alone(project.stack):
        try:
            project.put_under_git()
            begin = project.must("up", "--yes", "--skip-preview")
            print(f"\nup took {begin.seconds:.1f} s")
            yield project
        finally:
            if project.pulumi("destroy", "--yes", "--skip-preview", "--refresh").exit_code:
                remove(project.stack)


@pytest.fixture(scope="session")
def proxy(gateway: Project) -> Iterator[httpx.Client]:
    """A client of the proxy that holds the master key."""
    headers = {"Authorization": f"Bearer {gateway.output('master_key')}"}
    with httpx.Client(base_url=gateway.output("proxy_url"), headers=headers, timeout=60) as client:
        yield client


@pytest.fixture(scope="session")
def client(gateway: Project, proxy: httpx.Client) -> Client:
    """Somebody with a virtual key and a stored model, whose requests cost money."""
    return new_client(gateway, proxy)
