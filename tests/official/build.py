"""Build images with the vendors' layout over this project's own: `python -m tests.official.build FILE`.

Writes their references to FILE, as testbed/project.py reads them.
"""

import sys
from pathlib import Path

import yaml
from docker.errors import BuildError, ImageNotFound

from components.engine.connection.client import connect
from components.images.built import base_reference, built_reference
from components.images.catalog import IMAGES

RECIPES = Path(__file__).with_name("images")
NAME = "localhost/official"
DEBIAN_TESTING = {"haproxy": "3.2", "prometheus": "3.5"}
"""Versions of the programs that come from Debian's testing suite; the others are those of the built images."""


def base(name: str) -> str:
    """Return the image that a recipe starts from."""
    return base_reference() if name in DEBIAN_TESTING else built_reference(name)


def reference(name: str) -> str:
    """Return the reference of an image with the vendor's layout. Its tag is the version of what it holds."""
    return f"{NAME}/{name}:{DEBIAN_TESTING.get(name) or IMAGES[name].version}"


def build(name: str) -> str:
    """Build one recipe over the host's network; return the image's reference.

    Raises:
        SystemExit: when its base is not built, or a step fails.
    """
    images = connect().images
    try:
        images.get(base(name))
        images.build(
            path=str(RECIPES / name), tag=reference(name), buildargs={"BASE": base(name)},
            network_mode="host", rm=True, forcerm=True,
        )  # fmt: skip
    except ImageNotFound as error:
        raise SystemExit(f"{base(name)} is not built: GATEWAY_IMAGE_SOURCE=built bootstrap/run") from error
    except BuildError as error:
        log = "".join(line.get("stream", "") for line in error.build_log)
        raise SystemExit(f"{reference(name)} does not build: {error}\n{log}") from error
    return reference(name)


def main(file: Path) -> None:
    """Build every recipe, and write the references."""
    images = {}
    for recipe in sorted(RECIPES.iterdir()):
        images[recipe.name] = build(recipe.name)
        print(f"built {images[recipe.name]}", flush=True)
    file.write_text(yaml.safe_dump(images))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
