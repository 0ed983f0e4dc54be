"""A stack from its first update to its removal, by the verbs that `make up` and `make down` run."""

import docker
import pytest

from testbed.completion import status
from testbed.configuration import development
from testbed.engine_lock import exclusive, remove
from testbed.project import Project


def test_a_stack_is_started_asked_and_removed_without_a_trace(tmp_path_factory: pytest.TempPathFactory) -> None:
    project = Project(tmp_path_factory.mktemp("lifecycle"), "lifecycle", development())
    with exclusive(project.stack):
        try:
            started = project.must_ops("up")
            assert "answered" in started
            key = project.output("master_key")
            assert key not in started
            assert status(project.output("proxy_url"), key) == 200
            assert f"{project.stack} is removed" in project.must_ops("down")
            assert left_over(project.stack) == []
            assert project.stack not in project.run(["pulumi", "stack", "ls"]).output
        finally:
            remove(project.stack)


def left_over(stack: str) -> list[str]:
    """Return the names of the containers, networks and volumes that a stack has on the engine."""
    engine, prefix = docker.from_env(), f"gateway-{stack}-"
    names = [
        *(container.name for container in engine.containers.list(all=True)),
        *(network.name for network in engine.networks.list()),
        *(volume.name for volume in engine.volumes.list()),
    ]
    return [name for name in map(str, names) if name.startswith(prefix)]
