"""Images that were built here from recipes that have changed since. They are removed where the disk is full."""

from collections.abc import Sequence

import docker
from docker.errors import APIError, NotFound
from docker.models.images import Image

from components.images.built import BASE_REFERENCE, BUILT_PREFIX, recipe_references


def free_disk(engine: docker.DockerClient) -> None:
    """Remove images that were built here and that neither a container nor a current recipe uses."""
    used = {str(each.attrs["Image"]) for each in engine.containers.list(all=True, ignore_removed=True)}
    for image in engine.images.list():
        if image.id not in used and is_outdated(image.tags):
            remove_image(engine, image)


def remove_image(engine: docker.DockerClient, image: Image) -> None:
    """Remove an image; one that another image is made of, or that was just used, stays and is named."""
    names = ", ".join(image.tags)
    print(f"removing {names}")
    try:
        engine.images.remove(str(image.id))
    except NotFound:
        return
    except APIError as error:
        print(f"{names} stays: {error.explanation}")


def is_outdated(tags: Sequence[str]) -> bool:
    """Return whether an image was built here from a recipe that has changed since."""
    current = {BASE_REFERENCE, *recipe_references().values()}
    return bool(tags) and all(tag.startswith(BUILT_PREFIX) and tag not in current for tag in tags)
