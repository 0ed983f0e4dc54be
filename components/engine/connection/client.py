"""Clients of the Docker engine. Nothing else in the project opens one."""

import os
from collections.abc import Mapping
from pathlib import Path

import docker
from docker.constants import DEFAULT_TIMEOUT_SECONDS
from docker.errors import APIError, DockerException

from components.engine.connection.endpoint import DEFAULT, Endpoint, EndpointError, find_endpoint

ANSWER_TIMEOUT_SECONDS = 15
"""Time for one answer of an engine that has nothing to do but answer."""


class EngineRefused(DockerException):
    """The engine is not used, or not asked any further; the text is the whole sentence."""


def connect(timeout: int = DEFAULT_TIMEOUT_SECONDS) -> docker.DockerClient:
    """Connect to the engine of `find_endpoint`; `timeout` is the seconds for one answer.

    Raises:
        EngineRefused: when it is on another machine, or its name is wrong.
        DockerException: when it does not answer; `unreachable` makes the sentence.
    """
    try:
        endpoint = find_endpoint()
    except EndpointError as error:
        raise EngineRefused(str(error)) from error
    return docker.DockerClient(base_url=endpoint.host, timeout=timeout)


def unreachable(error: Exception) -> str:
    """Return the sentence for an engine that does not answer, with the cure, or for what it refused."""
    if isinstance(error, EngineRefused):
        return str(error)
    if isinstance(error, APIError):
        return f"Docker refused: {error.explanation or error}"
    return unreachable_sentence(str(error), find_endpoint(), os.environ)


def unreachable_sentence(reason: str, endpoint: Endpoint, environment: Mapping[str, str]) -> str:
    """Return the sentence for an engine that failed to answer for this reason."""
    named = "" if endpoint == DEFAULT else f"; {endpoint.origin} names {endpoint.host}"
    if "Permission denied" in reason or "PermissionError" in reason:
        return (
            "Docker: no permission on its socket; "
            f"add yourself to the group `docker` (`sudo usermod -aG docker $USER`) and log in again{named}"
        )
    if "timed out" in reason.lower():
        return f"Docker: its engine does not answer in time; see `journalctl -u docker`{named}"
    rootless = Path(environment.get("XDG_RUNTIME_DIR") or f"/run/user/{os.getuid()}") / "docker.sock"
    other = (
        f"; a rootless engine has its socket here: `export DOCKER_HOST=unix://{rootless}`"
        if endpoint == DEFAULT and rootless.is_socket()
        else ""
    )
    return (
        "Docker: no engine answers; start it (`systemctl start docker`), install it (`bootstrap/run`), "
        f"or set DOCKER_HOST{named}{other}"
    )
