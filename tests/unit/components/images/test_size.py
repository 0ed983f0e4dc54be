"""The disk that images take."""

from components.images.catalog import IMAGES, OFFICIAL_ONLY, official_references
from components.images.size import UNKNOWN_GIB, UNPACKED_GIB, WITH_LAYERS, pulled_gib


def test_every_official_image_has_a_size() -> None:
    assert set(UNPACKED_GIB) == {*IMAGES, *OFFICIAL_ONLY}


def test_size_is_the_repository_s_whatever_the_version() -> None:
    assert pulled_gib("ghcr.io/berriai/litellm:v9") == UNPACKED_GIB["litellm"] * WITH_LAYERS
    assert pulled_gib("registry.example/own:1") == UNKNOWN_GIB * WITH_LAYERS


def test_all_images_fit_in_six_gib() -> None:
    assert 5 < sum(map(pulled_gib, official_references())) < 6
