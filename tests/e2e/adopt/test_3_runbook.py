"""The runbook leads from Docker Compose to a stack, and back, as it is written."""

from collections.abc import Iterator

import httpx
import pytest

from testbed.completion import MODEL, status
from testbed.engine_lock import exclusive, remove
from testbed.ports import free_ports
from testbed.project import Project
from testbed.repository import Repository
from testbed.wait import wait_until
from tests.e2e.adopt.compose import compose_deployment, with_compose, write_local_files
from tests.e2e.adopt.conftest import without_stack
from tests.e2e.adopt.old_deployment import MODEL as OLD_MODEL
from tests.e2e.adopt.old_deployment import STORED, OldDeployment
from tests.history.runbook import blocks, run

STACK = "moved"
FILES, LOOK, DATA, CHECK, BACK = blocks("Bring an existing deployment")
HERE = {"prod2": "{stack}"}


@pytest.fixture(scope="module")
def ports() -> list[int]:
    """The old deployment's."""
    return free_ports(2)


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Project]:
    """A copy of the project beside the folder of the old deployment."""
    folder = tmp_path_factory.mktemp("home") / "gateway"
    folder.mkdir()
    with exclusive(STACK):
        project = without_stack(folder, STACK)
        Repository(project)
        try:
            yield project
        finally:
            if project.pulumi("destroy", "--yes", "--skip-preview", "--refresh").exit_code:
                remove(STACK)


@pytest.fixture(scope="module")
def old(project: Project, ports: list[int]) -> Iterator[OldDeployment]:
    """The old deployment, which runs."""
    folder = project.folder.parent / "litellm"
    folder.mkdir()
    write_local_files(folder, *ports)
    project.environment.update(with_compose(project.folder.parent))
    with compose_deployment(folder, ports[0], project.environment) as deployment:
        yield deployment


def test_the_page_is_true(project: Project, old: OldDeployment, ports: list[int]) -> None:
    url = f"http://127.0.0.1:{ports[0]}"
    assert "19 models, " in run(project, FILES, "y\n", **HERE)
    assert f"port {ports[0]} is taken by container litellm-proxy" in run(project, LOOK, **HERE)
    project.change("gateway:mock_provider.enabled", value=True)
    moved = run(project, DATA, "y\ny\n", **HERE)
    print(moved[moved.find("copying the old dump") :])
    assert project.output("proxy_url") == url
    assert status(url, old.key, MODEL) == 200
    assert status(url, old.key, STORED) == 200
    run(project, CHECK, **HERE)
    run(project, BACK, **HERE)
    wait_until(lambda: answers(url, old.key), 420)
    assert int(old.sql('select count(*) from "LiteLLM_SpendLogs"')) > 0


def answers(url: str, key: str) -> bool:
    try:
        return status(url, key, OLD_MODEL) == 200
    except httpx.HTTPError:
        return False
