"""Images that the engine lacks, and why one cannot be pulled."""

from types import SimpleNamespace
from typing import Any

import pytest
from docker.errors import APIError, ImageNotFound

from components.engine.connection.client import EngineRefused
from components.engine.host.images import missing_images, pull, pull_failure

BUILT = "localhost/gateway/redis:7.0-00000000"
PULLED = "docker.io/library/redis:7.2.16-bookworm"
PINNED = f"ghcr.io/berriai/litellm:v1.108.14@sha256:{'0' * 64}"


def engine(*present: str, lines: list[dict[str, str]] | Exception | None = None) -> Any:
    """An engine with these images, whose pulls end with these lines."""
    asked: list[tuple[str, str]] = []

    def get(reference: str) -> SimpleNamespace:
        if reference not in present:
            raise ImageNotFound(reference)
        return SimpleNamespace(id=f"id of {reference}")

    def pull_image(repository: str, *, tag: str, stream: bool, decode: bool) -> list[dict[str, str]]:
        assert stream
        assert decode
        asked.append((repository, tag))
        if isinstance(lines, Exception):
            raise lines
        return lines or []

    return SimpleNamespace(images=SimpleNamespace(get=get), api=SimpleNamespace(pull=pull_image), asked=asked)


def test_missing_images_are_told_apart_by_who_makes_them() -> None:
    found = missing_images(engine("x:1"), ["x:1", BUILT, PULLED, PULLED])
    assert (found.built, found.pulled) == ((BUILT,), (PULLED,))
    assert missing_images(engine(BUILT, PULLED), [BUILT, PULLED]).pulled == ()


def test_name_that_no_image_can_have_is_refused() -> None:
    def get(_: str) -> None:
        raise APIError("400", explanation="invalid reference format: repository name must be lowercase")

    client: Any = SimpleNamespace(images=SimpleNamespace(get=get))
    with pytest.raises(
        EngineRefused, match=r"^image Redis:7: invalid reference format: .*; correct its name in images$"
    ):
        missing_images(client, ["Redis:7"])


def test_image_is_pulled_by_its_digest_where_it_has_one() -> None:
    said: list[str] = []
    with_images = engine(lines=[{"status": "Pull complete"}])
    assert pull(with_images, [PULLED, PINNED], said.append) == []
    assert with_images.asked == [
        ("docker.io/library/redis", "7.2.16-bookworm"),
        ("ghcr.io/berriai/litellm", f"sha256:{'0' * 64}"),
    ]
    assert said == [f"image {PULLED}: is pulled", f"image {PINNED}: is pulled"]


def test_each_failed_pull_is_a_sentence() -> None:
    failing = engine(lines=[{"status": "Pulling"}, {"error": "toomanyrequests: You have reached your pull rate limit"}])
    found = pull(failing, [PULLED, "x:1"], lambda _: None)
    assert [line.split(" (")[0] for line in found] == [
        f"image {PULLED}: its registry's rate limit is reached: `docker login`, or wait",
        "image x:1: its registry's rate limit is reached: `docker login`, or wait",
    ]
    refused = engine(lines=APIError("500", explanation="unauthorized:\nauthentication required"))
    (sentence,) = pull(refused, [PULLED], lambda _: None)
    assert "its registry wants credentials: `docker login`" in sentence
    assert "\n" not in sentence


@pytest.mark.parametrize(
    ("message", "meaning"),
    [
        ("pull access denied for x, repository does not exist or may require 'docker login'", "wants credentials"),
        ("manifest for x:9 not found: manifest unknown: manifest unknown", "has no such image"),
        ("failed to register layer: write /lib: no space left on device", "the disk under Docker's root is full"),
        ("no matching manifest for linux/arm64/v8 in the manifest list entries", "none for this machine's processor"),
        ("Get https://ghcr.io/v2/: net/http: request canceled (Client.Timeout exceeded)", "does not answer: try again"),
    ],
)
def test_failure_s_cause_is_named(message: str, meaning: str) -> None:
    sentence = pull_failure("x:9", message)
    assert sentence.startswith("image x:9: ")
    assert meaning in sentence
    assert message in sentence
