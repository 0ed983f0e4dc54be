"""Build images with the vendors' layout over this project's own: `python -m tests.official.build FILE`.

Writes their references to FILE, as testbed/project.py reads them.
"""

import sys
from pathlib import Path

import yaml

from components.images.built import base_reference, built_reference
from components.images.catalog import IMAGES
from testbed.recipe import RecipeError, build, litellm_under_vendor_python

RECIPES = Path(__file__).with_name("images")
NAME = "localhost/official"
DEBIAN_TESTING = {"haproxy": "3.2", "prometheus": "3.5"}
"""Versions of the programs that come from Debian's testing suite; the others are those of the built images."""


def base(name: str) -> str:
    """Return the image that a recipe starts from. LiteLLM's is built first."""
    if name == "litellm":
        return litellm_under_vendor_python()
    return base_reference() if name in DEBIAN_TESTING else built_reference(name)


def reference(name: str) -> str:
    """Return the reference of an image with the vendor's layout. Its tag is the version of what it holds."""
    return f"{NAME}/{name}:{DEBIAN_TESTING.get(name) or IMAGES[name].version}"


def main(file: Path) -> None:
    """Build every recipe, and write the references.

    Raises:
        RecipeError: when one of them does not build.
    """
    images = {}
    for folder in sorted(RECIPES.iterdir()):
        images[folder.name] = build(folder, reference(folder.name), base(folder.name))
        print(f"built {images[folder.name]}", flush=True)
    file.write_text(yaml.safe_dump(images))


if __name__ == "__main__":
    try:
        main(Path(sys.argv[1]))
    except RecipeError as error:
        sys.exit(str(error))
