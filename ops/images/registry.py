"""The digest that a tag has in its registry."""

from docker.errors import APIError

from ops.errors import OperationError
from ops.stack.engine import docker_engine

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
