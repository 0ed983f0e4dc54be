"""A gateway under git for each module: its versions begin at 1."""

from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from testbed.configuration import development
from testbed.gateway import running
from testbed.project import Project
from testbed.repository import Repository
from tests.history.client import Client, new_client


def configuration() -> dict[str, Any]:
    """Return dev's configuration, made so that each change touches only what it names and an edge is soon replaced."""
    config = development()
    config["gateway:edge"]["keepalive_timeout"] = 5
    # By default another pool would restart Postgres.
    return config | {"gateway:postgres": {"max_connections": 200}}


@pytest.fixture(scope="module")
def repository(tmp_path_factory: pytest.TempPathFactory) -> Repository:
    """The project under git."""
    return Repository(Project(tmp_path_factory.mktemp("history"), "history", configuration()))


@pytest.fixture(scope="module")
def gateway(repository: Repository) -> Iterator[Project]:
    """Its running gateway."""
    with running(repository.project) as gateway:
        yield gateway


@pytest.fixture(scope="module")
def client(gateway: Project, proxy: httpx.Client) -> Client:
    """A caller with a virtual key and a stored model, whose requests cost money."""
    return new_client(gateway, proxy)
