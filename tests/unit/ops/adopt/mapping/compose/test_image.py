"""The image of the old deployment."""

import pytest

from components.images.source import ImageSource, image_reference
from ops.adopt.mapping.compose.image import not_kept

OWN = image_reference("litellm", ImageSource.OFFICIAL)


@pytest.mark.parametrize(
    ("reference", "reason"),
    [
        ("ghcr.io/berriai/litellm:v1.999.0", None),
        (f"ghcr.io/berriai/litellm@sha256:{'0' * 64}", None),
        ("ghcr.io/berriai/litellm:main-stable", "its tag moves from release to release"),
        ("ghcr.io/berriai/litellm", "its tag moves from release to release"),
        ("ghcr.io/berriai/litellm:v1.104.0", "it is older"),
        ("registry.example.com/litellm:v1.999.0", "it is not one of LiteLLM's own images"),
    ],
)
def test_only_a_release_of_litellm_that_is_not_older_runs_on(reference: str, reason: str | None) -> None:
    assert not_kept(reference, OWN, ImageSource.OFFICIAL) == reason


def test_a_release_that_must_not_run_is_named_with_its_advisory() -> None:
    found = not_kept("ghcr.io/berriai/litellm:v1.82.8", OWN, ImageSource.OFFICIAL)
    assert found is not None
    assert found.startswith("LiteLLM 1.82.8 must not run: ")


def test_a_machine_that_builds_its_images_pulls_none() -> None:
    found = not_kept("ghcr.io/berriai/litellm:v1.999.0", OWN, ImageSource.BUILT)
    assert found == "this machine builds its images (.cache/image-source)"
