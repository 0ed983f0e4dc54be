"""Tags of the images that `bootstrap/run` builds."""

import hashlib
from pathlib import Path

from components.images.catalog import IMAGES, find_image

PROJECT = Path(__file__).resolve().parents[2]
RECIPES = PROJECT / "bootstrap" / "offline" / "images"
BASE = "debian"
BUILT_PREFIX = "localhost/gateway/"
"""No registry answers at this name, so an image that was not built here is never pulled from elsewhere."""
BASE_REFERENCE = f"{BUILT_PREFIX}debian:bookworm"
"""The reference in the recipes' FROM lines."""


def built_reference(name: str, recipes: Path = RECIPES) -> str:
    """Return the reference of a built image: localhost/gateway/NAME:VERSION-HASH.

    HASH is the first 8 hex digits of a SHA-256 over the version and over each file (path, content) of its recipe and of
    its base's recipe. A changed recipe is therefore another image, and an unchanged one needs no build.

    Raises:
        ValueError: when `name` is none of IMAGES, or its recipe is missing.
    """
    version = find_image(name).version
    return f"{BUILT_PREFIX}{name}:{version}-{_digest(version, recipes / BASE, recipes / name)}"


def base_reference(recipes: Path = RECIPES) -> str:
    """Return the reference of the base of all built images. Its tag ends with a hash over the base's recipe."""
    return f"{BASE_REFERENCE}-{_digest('', recipes / BASE)}"


def recipe_references() -> dict[str, str]:
    """Return by name the reference that each recipe builds, the base included."""
    return {BASE: base_reference()} | {name: built_reference(name) for name in IMAGES}


def _digest(version: str, *folders: Path) -> str:
    digest = hashlib.sha256(version.encode())
    for folder in folders:
        if not (folder / "Dockerfile").is_file():
            raise ValueError(f"{RECIPES.relative_to(PROJECT)}/{folder.name}: has no Dockerfile")
        files = {file.relative_to(folder).as_posix(): file for file in folder.rglob("*") if file.is_file()}
        for path, file in sorted(files.items()):
            content = file.read_bytes()
            digest.update(f"\0{path}\0{len(content)}\0".encode())
            digest.update(content)
    return digest.hexdigest()[:8]
