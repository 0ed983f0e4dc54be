"""A gateway like dev's, and what must not change while others try its name."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import docker
import httpx
import pytest

from testbed.configuration import development
from testbed.gateway import new_key, running
from testbed.project import Project

STACK = "identity"
TABLES = ("LiteLLM_VerificationToken", "LiteLLM_ProxyModelTable")


@dataclass(frozen=True)
class Standing:
    """What the engine has of the stack, and what its database holds."""

    containers: frozenset[str]
    """Id, status and number of restarts of each."""
    networks: frozenset[str]
    volumes: frozenset[str]
    rows: tuple[str, ...]

    @classmethod
    def of(cls, gateway: Project) -> "Standing":
        """Look at the engine and count the rows."""
        engine = docker.from_env()
        filters: dict[str, Any] = {"label": f"gateway.stack={gateway.stack}"}
        return cls(
            frozenset(f"{each.id} {each.status} {each.attrs['RestartCount']}" for each in gateway.containers()),
            frozenset(str(each.id) for each in engine.networks.list(filters=filters)),
            frozenset(str(each.name) for each in engine.volumes.list(filters=filters)),
            tuple(gateway.sql(f'select count(*) from "{table}"') for table in TABLES),
        )


@pytest.fixture(scope="package")
def gateway(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Project]:
    """The running gateway."""
    with running(Project(tmp_path_factory.mktemp("identity"), STACK, development())) as gateway:
        yield gateway


@pytest.fixture(scope="package")
def rival(gateway: Project, tmp_path_factory: pytest.TempPathFactory) -> Project:
    """Another clone with a state of its own, whose stack has the same name and the same ports."""
    return Project(tmp_path_factory.mktemp("rival"), STACK, gateway.config)


@pytest.fixture(scope="module")
def key(proxy: httpx.Client, request: pytest.FixtureRequest) -> str:
    """A virtual key."""
    return new_key(proxy, f"of-{Path(str(request.path)).stem}")
