"""A digest is asked of the registry, and its refusal names the reference."""

from collections.abc import Iterator
from contextlib import contextmanager
from types import SimpleNamespace
from typing import Any

import pytest
from docker.errors import APIError

from ops.errors import OperationError
from ops.images import registry

TAG = "docker.io/library/redis:7.2.16"


@pytest.fixture
def answer(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Let the engine's registry answer so."""

    def set_answer(get_registry_data: Any) -> None:
        @contextmanager
        def docker_engine(_: int) -> Iterator[Any]:
            yield SimpleNamespace(images=SimpleNamespace(get_registry_data=get_registry_data))

        monkeypatch.setattr(registry, "docker_engine", docker_engine)

    return set_answer


def test_the_digest_is_that_of_the_registry(answer: Any) -> None:
    answer(lambda reference: SimpleNamespace(id=f"sha256:of {reference}"))
    assert registry.digest(TAG) == f"sha256:of {TAG}"


def test_a_registry_without_the_tag_is_an_error_with_the_reference(answer: Any) -> None:
    def refuse(_: str) -> None:
        raise APIError("no", explanation="manifest unknown")

    answer(refuse)
    with pytest.raises(OperationError, match=rf"^{TAG}: its registry gave no digest: manifest unknown$"):
        registry.digest(TAG)


def test_each_image_that_cannot_be_pulled_is_a_sentence(answer: Any) -> None:
    def only_one(reference: str) -> SimpleNamespace:
        if reference == TAG:
            return SimpleNamespace(id="sha256:0")
        raise APIError("no", explanation="toomanyrequests: You have reached your pull rate limit")

    answer(only_one)
    assert registry.refused_images([]) == registry.refused_images([TAG]) == []
    (sentence,) = registry.refused_images([TAG, "docker.io/library/haproxy:3"])
    assert sentence.startswith(
        "image docker.io/library/haproxy:3: its registry's rate limit is reached: `docker login`"
    )
