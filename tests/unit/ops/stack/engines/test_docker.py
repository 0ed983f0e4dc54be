"""What commands ask a Docker engine about a stack."""

from collections.abc import Iterator
from contextlib import contextmanager
from types import SimpleNamespace
from typing import Any

import pytest

from components.engine.host.images import MissingImages
from ops.errors import OperationError
from ops.stack.engines import docker
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


@pytest.fixture
def pulled(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The images that a Docker engine pulls; those of `gone` fail."""
    found: list[str] = []

    @contextmanager
    def engine(_: int) -> Iterator[None]:
        yield None

    def pull(_: object, references: tuple[str, ...], __: object) -> list[str]:
        found.extend(references)
        return [f"image {each}: its registry has no such image" for each in references if "gone" in each]

    monkeypatch.setattr(docker, "docker_engine", engine)
    monkeypatch.setattr(
        docker,
        "missing_images",
        lambda _, references: MissingImages((), tuple(each for each in references if each != "here:1")),
    )
    monkeypatch.setattr(docker, "pull", pull)
    return found


def test_engine_pulls_what_it_lacks(pulled: list[str]) -> None:
    DockerStack("dev").fetch_images(["here:1", "litellm:1"])
    assert pulled == ["litellm:1"]


@pytest.mark.usefixtures("pulled")
def test_image_that_cannot_be_pulled_is_one_sentence() -> None:
    with pytest.raises(OperationError, match=r"^image gone:1: its registry has no such image$"):
        DockerStack("dev").fetch_images(["gone:1"])
