"""The images that the engine lacks, and their pulling with the credentials of `docker login`.

Pulumi's plugin pulls without those credentials and among other resources. It finds what was pulled before.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import docker
from docker.errors import APIError, DockerException, ImageNotFound
from requests import RequestException

from components.engine.connection.client import EngineRefused
from components.images.built import BUILT_PREFIX
from components.images.reference import ImageReference

PULL_TIMEOUT_SECONDS = 300
"""Longest silence of the engine while it pulls."""
CAUSES = (
    (
        ("toomanyrequests", "too many requests", "rate limit"),
        "its registry's rate limit is reached: `docker login`, or wait",
    ),
    (
        ("unauthorized", "denied", "authentication", "credentials", "forbidden"),
        "its registry wants credentials: `docker login`, as the user that runs this",
    ),
    (("no space left",), "the disk under Docker's root is full: `docker image prune`"),
    (("no matching manifest",), "there is none for this machine's processor"),
    (("not found", "manifest unknown"), "its registry has no such image: correct its name in images"),
)
"""Words of the engine's message, in lower case → what they mean."""
OTHERWISE = "its registry does not answer: try again, or load it (`docker pull`, `docker load`)"


@dataclass(frozen=True)
class MissingImages:
    """What an engine lacks."""

    built: tuple[str, ...]
    """Images that only this machine can build."""
    pulled: tuple[str, ...]
    """Images that a registry has."""


def missing_images(engine: docker.DockerClient, references: Iterable[str]) -> MissingImages:
    """Return which of the images the engine lacks.

    Raises:
        EngineRefused: when one has a name that no image can have.
    """
    missing = [reference for reference in dict.fromkeys(references) if not _present(engine, reference)]
    return MissingImages(
        built=tuple(reference for reference in missing if reference.startswith(BUILT_PREFIX)),
        pulled=tuple(reference for reference in missing if not reference.startswith(BUILT_PREFIX)),
    )


def pull(engine: docker.DockerClient, references: Sequence[str], write: Callable[[str], object]) -> list[str]:
    """Pull images and `write` a line for each; return a sentence for each that failed."""
    failures = []
    for reference in references:
        write(f"image {reference}: is pulled")
        failures += [failure] if (failure := _pull(engine, reference)) else []
    return failures


def pull_failure(reference: str, message: str) -> str:
    """Return the sentence for an image that could not be pulled."""
    words = message.lower()
    meaning = next((meaning for signs, meaning in CAUSES if any(sign in words for sign in signs)), OTHERWISE)
    return f"image {reference}: {meaning} ({' '.join(message.split())})"


def image_id(engine: docker.DockerClient, reference: str) -> str | None:
    """Return the id of an image on the engine; None if it is not there."""
    try:
        return str(engine.images.get(reference).id)
    except ImageNotFound:
        return None


def _present(engine: docker.DockerClient, reference: str) -> bool:
    try:
        return image_id(engine, reference) is not None
    except APIError as error:
        raise EngineRefused(f"image {reference}: {error.explanation}; correct its name in images") from error


def _pull(engine: docker.DockerClient, reference: str) -> str | None:
    parsed = ImageReference.parse(reference)
    try:
        for line in engine.api.pull(parsed.repository, tag=parsed.digest or parsed.tag, stream=True, decode=True):
            if error := line.get("error"):
                return pull_failure(reference, str(error))
    except (DockerException, RequestException, OSError) as error:
        return pull_failure(reference, str(error))
    return None
