"""Which image each part runs from: the vendor's official one, or one built here where no image registry answers."""

import hashlib
import os
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[2]
RECIPES = PROJECT / "bootstrap" / "images"
SOURCE_FILE = PROJECT / ".cache" / "image-source"
SOURCE_VARIABLE = "GATEWAY_IMAGE_SOURCE"
BASE = "debian"
BUILT_PREFIX = "localhost/gateway/"
"""No registry answers to it: an image that was not built here is never looked for elsewhere."""
BASE_REFERENCE = f"{BUILT_PREFIX}debian:bookworm"
"""Name the recipes give in their FROM line."""


class ImageSource(StrEnum):
    """Where images come from on this machine. Decided once by `bootstrap/run`."""

    OFFICIAL = "official"
    """Pulled by tag from the vendors' registries."""
    BUILT = "built"
    """Built by `bootstrap/run` from Debian, PyPI and npm packages; their names start with `localhost/gateway/`."""


@dataclass(frozen=True)
class Image:
    """One part's image in both sources."""

    official: str
    """Reference in its vendor's registry: name and pinned tag."""
    version: str
    """Version the recipe of the same name in bootstrap/images builds; part of the built tag."""
    build_argument: str | None = None
    """Docker build argument that hands `version` to the recipe; None where Debian's package decides."""


IMAGES: dict[str, Image] = {
    "postgres": Image(official="docker.io/library/postgres:15.19-bookworm", version="15"),
    "redis": Image(official="docker.io/library/redis:7.2.16-bookworm", version="7.0"),
    "haproxy": Image(official="docker.io/library/haproxy:3.2.25", version="2.6"),
    "litellm": Image(official="ghcr.io/berriai/litellm:v1.108.14", version="1.108.7", build_argument="LITELLM_VERSION"),
    "prometheus": Image(official="docker.io/prom/prometheus:v3.5.1", version="2.42"),
    "postgres_exporter": Image(official="quay.io/prometheuscommunity/postgres-exporter:v0.19.1", version="0.11"),
    # The variant with a shell: its health check needs one.
    "redis_exporter": Image(official="docker.io/oliver006/redis_exporter:v1.80.0-alpine", version="1.45"),
}

OFFICIAL_ONLY: dict[str, str] = {"grafana": "docker.io/grafana/grafana:12.4.4"}
"""Images without a recipe: Debian has no package of them."""


def image_reference(name: str, source: ImageSource) -> str:
    """Give the reference to run for one of IMAGES or OFFICIAL_ONLY.

    Raises:
        ValueError: when `name` is in neither, its recipe is missing, or it has none and is to be built.
    """
    if name in OFFICIAL_ONLY and source is ImageSource.OFFICIAL:
        return OFFICIAL_ONLY[name]
    return built_reference(name) if source is ImageSource.BUILT else _image(name).official


def built_reference(name: str, recipes: Path = RECIPES) -> str:
    """Give the tag of a built image: localhost/gateway/NAME:VERSION-HASH.

    HASH is the first 8 hex digits of a SHA-256 over the version and over each file (path, content) of its recipe and of
    its base's recipe, so a changed recipe is another image, and an unchanged one needs no build.

    Raises:
        ValueError: when `name` is none of IMAGES, or its recipe is missing.
    """
    version = _image(name).version
    return f"{BUILT_PREFIX}{name}:{version}-{_digest(version, recipes / BASE, recipes / name)}"


def base_reference(recipes: Path = RECIPES) -> str:
    """Give the tag that tells whether the base of the built images is up to date with its recipe."""
    return f"{BASE_REFERENCE}-{_digest('', recipes / BASE)}"


def _digest(version: str, *folders: Path) -> str:
    digest = hashlib.sha256(version.encode())
    for folder in folders:
        if not (folder / "Dockerfile").is_file():
            raise ValueError(f"bootstrap/images/{folder.name}: holds no Dockerfile")
        files = {file.relative_to(folder).as_posix(): file for file in folder.rglob("*") if file.is_file()}
        for path, file in sorted(files.items()):
            content = file.read_bytes()
            digest.update(f"\0{path}\0{len(content)}\0".encode())
            digest.update(content)
    return digest.hexdigest()[:8]


def resolve_source() -> ImageSource:
    """Read this machine's image source: GATEWAY_IMAGE_SOURCE, else what bootstrap/run decided.

    Raises:
        ValueError: when neither is set, or the value is no ImageSource.
    """
    if word := os.environ.get(SOURCE_VARIABLE):
        return parse_source(word, SOURCE_VARIABLE)
    if SOURCE_FILE.is_file():
        return parse_source(SOURCE_FILE.read_text().strip(), ".cache/image-source")
    raise ValueError(f"image source is not decided: run bootstrap/run, or set {SOURCE_VARIABLE} to official or built")


def parse_source(word: str, origin: str) -> ImageSource:
    """Read an image source; `origin` names where the word stands.

    Raises:
        ValueError: when it is no ImageSource.
    """
    if word not in set(ImageSource):
        raise ValueError(f"{origin}: should be official or built, not {word!r}")
    return ImageSource(word)


def _image(name: str) -> Image:
    if name not in IMAGES:
        raise ValueError(f"image {name!r} is unknown: known are {', '.join(sorted(IMAGES))}")
    return IMAGES[name]
