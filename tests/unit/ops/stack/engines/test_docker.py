"""What commands ask a Docker engine about a stack."""

from types import SimpleNamespace
from typing import Any

import pytest

from ops.errors import OperationError
from ops.stack.engines.docker import DockerStack
from ops.stack.state import CONTAINER, NETWORK


def deployed(*types: str) -> Any:
    """A stack whose state has resources of these types."""
    resources = [{"urn": f"urn::{index}", "type": type_, "id": str(index)} for index, type_ in enumerate(types)]
    return SimpleNamespace(name="dev", export_stack=lambda: SimpleNamespace(deployment={"resources": resources}))


def test_an_engine_that_has_nothing_of_a_deployed_stack_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DOCKER_HOST", "unix:///tmp/other.sock")
    monkeypatch.setattr("ops.stack.engines.docker.stack_containers", lambda _: [])
    with pytest.raises(OperationError) as refused:
        DockerStack("dev").require_parts(deployed(CONTAINER, CONTAINER, NETWORK))
    assert str(refused.value).startswith(
        "none of dev's 2 containers is on the engine at unix:///tmp/other.sock (DOCKER_HOST): "
    )
    assert "`python -m ops recover dev`" in str(refused.value)


def test_a_first_update_and_one_on_the_stack_s_engine_go_on(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ops.stack.engines.docker.stack_containers", lambda _: [])
    DockerStack("dev").require_parts(deployed())
    DockerStack("dev").require_parts(deployed(NETWORK))
    monkeypatch.setattr("ops.stack.engines.docker.stack_containers", lambda _: ["edge"])
    DockerStack("dev").require_parts(deployed(CONTAINER))
