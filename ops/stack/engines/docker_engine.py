"""The Docker engine, and the one sentence to print when it does not answer."""

from collections.abc import Iterator
from contextlib import contextmanager

import docker
from docker.errors import APIError, DockerException, NotFound
from docker.models.containers import Container
from requests import RequestException

from components.engine.connection.client import ANSWER_TIMEOUT_SECONDS, connect, unreachable
from components.engine.labels import STACK_LABEL
from components.engine.ownership import EngineObject, ObjectKind
from ops.errors import OperationError


@contextmanager
def docker_engine(timeout: int = ANSWER_TIMEOUT_SECONDS) -> Iterator[docker.DockerClient]:
    """Connect to the Docker engine; `timeout` is the seconds for one answer.

    Raises:
        OperationError: if the engine does not answer (with the cure) or refuses a request, here or in the body.
    """
    try:
        yield connect(timeout)
    except APIError as error:
        raise OperationError(f"Docker refused: {error.explanation or error}") from error
    # Beside them a stream that breaks raises the socket's own errors.
    except (DockerException, RequestException, ConnectionError, TimeoutError) as error:
        raise OperationError(unreachable(error)) from error


def stack_containers(stack: str) -> list[Container]:
    """Return the stack's containers, whether they run or not.

    Raises:
        OperationError: if the engine does not answer.
    """
    with docker_engine() as engine:
        label = f"{STACK_LABEL}={stack}"
        return list(engine.containers.list(all=True, filters={"label": label}, ignore_removed=True))


def remove_object(engine: docker.DockerClient, object_: EngineObject) -> None:
    """Remove a container, network or volume with what it holds; one that is in use stays and is named."""
    print(f"removing the {object_.kind} {object_.name}")
    try:
        match object_.kind:
            case ObjectKind.CONTAINER:
                engine.containers.get(object_.id).remove(v=True, force=True)
            case ObjectKind.NETWORK:
                engine.networks.get(object_.id).remove()
            case ObjectKind.VOLUME:
                engine.volumes.get(object_.id).remove()
    except NotFound:
        return
    except APIError as error:
        print(f"{object_.name} stays: {error.explanation}")
