"""Which image a tag names in its registry now."""

import docker
from docker.errors import APIError, DockerException

from ops.errors import OperationError

PATIENCE = 60
"""Seconds for a registry to answer the engine."""


def digest(reference: str) -> str:
    """Ask the registry, through the engine and with its credentials, for a tag's digest: `sha256:` and 64 hex digits.

    Of an image for several platforms it is the digest of their list, so one name fits all of them.

    Raises:
        OperationError: when the engine or the registry does not answer, or the registry has no such tag.
    """
    try:
        engine = docker.from_env(timeout=PATIENCE)
        return str(engine.images.get_registry_data(reference).id)
    except APIError as error:
        raise OperationError(f"{reference}: its registry gave no digest: {error.explanation or error}") from error
    except (DockerException, OSError) as error:
        raise OperationError(f"{reference}: the Docker engine did not answer: {error}") from error
