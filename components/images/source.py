"""Where images come from on this machine, and the reference that runs for each part."""

import os
from enum import StrEnum

from components.images.built import PROJECT, built_reference
from components.images.catalog import OFFICIAL_ONLY, find_image

SOURCE_FILE = PROJECT / ".cache" / "image-source"
SOURCE_VARIABLE = "GATEWAY_IMAGE_SOURCE"


class ImageSource(StrEnum):
    """Where images come from. `bootstrap/run` decides it once for a machine."""

    OFFICIAL = "official"
    """Pulled by tag from the vendors' registries."""
    BUILT = "built"
    """Built by `bootstrap/run` from Debian, PyPI and npm packages; their names start with `localhost/gateway/`."""


def image_reference(name: str, source: ImageSource) -> str:
    """Return the reference that runs for one of IMAGES or OFFICIAL_ONLY.

    Raises:
        ValueError: when there is no such image, its recipe is missing, or it is to be built and has no recipe.
    """
    if source is ImageSource.BUILT:
        return built_reference(name)
    return OFFICIAL_ONLY[name] if name in OFFICIAL_ONLY else find_image(name).official


def resolve_source() -> ImageSource:
    """Return this machine's image source: GATEWAY_IMAGE_SOURCE, else the one that bootstrap/run recorded.

    Raises:
        ValueError: when there is neither, or it names no image source.
    """
    if word := os.environ.get(SOURCE_VARIABLE):
        return parse_source(word, SOURCE_VARIABLE)
    if SOURCE_FILE.is_file():
        return parse_source(SOURCE_FILE.read_text().strip(), ".cache/image-source")
    raise ValueError(f"image source is not decided: run bootstrap/run, or set {SOURCE_VARIABLE} to official or built")


def parse_source(word: str, origin: str) -> ImageSource:
    """Return the image source that a word names; `origin` says where the word is, for the error.

    Raises:
        ValueError: when it names none.
    """
    if word not in set(ImageSource):
        raise ValueError(f"{origin}: should be official or built, not {word!r}")
    return ImageSource(word)
