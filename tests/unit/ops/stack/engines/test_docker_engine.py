"""An engine that does not answer is one sentence with its cure."""

from types import SimpleNamespace
from typing import Any
from unittest.mock import Mock

import pytest
import requests
from docker.errors import APIError, DockerException, NotFound

from components.engine.connection.client import EngineRefused
from components.engine.ownership import EngineObject, ObjectKind
from ops.errors import OperationError
from ops.stack.engines.docker_engine import docker_engine, remove_object, stack_containers


def failing(error: Exception) -> Any:
    def connect(_: int) -> None:
        raise error

    return connect


@pytest.mark.parametrize(
    ("error", "sentence"),
    [
        (DockerException("Error while fetching server API version"), r"^Docker: no engine answers; start it "),
        (DockerException("PermissionError(13, 'Permission denied')"), r"^Docker: no permission on its socket; "),
        (APIError("no", explanation="no such image"), r"^Docker refused: no such image$"),
        (requests.ReadTimeout("Read timed out."), r"^Docker: its engine does not answer in time"),
        (ConnectionResetError(), r"^Docker: no engine answers"),
        (EngineRefused("DOCKER_HOST: ssh://x is not a socket"), r"^DOCKER_HOST: ssh://x is not a socket$"),
    ],
)
def test_each_failure_of_the_engine_is_one_sentence(
    monkeypatch: pytest.MonkeyPatch, error: Exception, sentence: str
) -> None:
    monkeypatch.setattr("ops.stack.engines.docker_engine.connect", failing(error))
    with pytest.raises(OperationError, match=sentence):
        stack_containers("dev")


def test_an_error_of_a_file_is_not_the_engine_s(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ops.stack.engines.docker_engine.connect", lambda _: None)
    with pytest.raises(FileNotFoundError), docker_engine():
        raise FileNotFoundError


def test_containers_are_found_by_the_stack_s_label(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[dict[str, Any]] = []

    def list_containers(**options: Any) -> list[str]:
        asked.append(options)
        return ["edge"]

    engine = SimpleNamespace(containers=SimpleNamespace(list=list_containers))
    monkeypatch.setattr("ops.stack.engines.docker_engine.connect", lambda _: engine)
    assert stack_containers("dev") == ["edge"]
    assert asked == [{"all": True, "filters": {"label": "gateway.stack=dev"}, "ignore_removed": True}]


def test_networks_in_use_and_what_is_gone_are_left() -> None:
    engine = Mock()
    network = EngineObject(ObjectKind.NETWORK, "n", "gateway-dev-data-network-0a1b2")
    remove_object(engine, network)
    engine.networks.get.assert_called_once_with("n")
    engine.networks.get.return_value.remove.side_effect = APIError("in use", explanation="it has endpoints")
    remove_object(engine, network)
    engine.volumes.get.side_effect = NotFound("gone")
    remove_object(engine, EngineObject(ObjectKind.VOLUME, "v", "gateway-dev-identity-0a1b2"))
