"""What the registries say of images: a tag's digest, and whether they would give an image."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

from docker.errors import APIError

from components.engine.host.images import pull_failure
from ops.errors import OperationError
from ops.stack.engines.docker_engine import docker_engine

REGISTRY_TIMEOUT_SECONDS = 60
"""Time for the engine to get an answer from a registry."""


def digest(reference: str) -> str:
    """Return the digest of a tag: `sha256:` and 64 hex digits. The engine asks, with its credentials.

    An image for several platforms has the digest of their list, so one digest fits all of them.

    Raises:
        OperationError: if the engine or the registry does not answer, or the registry has no such tag.
    """
    with docker_engine(REGISTRY_TIMEOUT_SECONDS) as engine:
        try:
            return str(engine.images.get_registry_data(reference).id)
        except APIError as error:
            raise OperationError(f"{reference}: its registry gave no digest: {error.explanation or error}") from error


def refused_images(references: Sequence[str]) -> list[str]:
    """Return a sentence for each image that its registry would not give with the credentials of `docker login`."""
    with ThreadPoolExecutor() as pool:
        return [sentence for sentence in pool.map(_refusal, references) if sentence]


def _refusal(reference: str) -> str | None:
    try:
        digest(reference)
    except OperationError as error:
        return pull_failure(reference, str(error).partition("gave no digest: ")[2] or str(error))
    return None
