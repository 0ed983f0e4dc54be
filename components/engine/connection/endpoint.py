"""Which Docker engine is meant. Bootstrap, the program, Pulumi's plugin and every command use this one answer.

It is the `docker` command's own rule (https://docs.docker.com/engine/manage-resources/contexts/): DOCKER_HOST, else the
context that DOCKER_CONTEXT names, else the current context of config.json, else the default socket.
"""

import hashlib
import json
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

DEFAULT_HOST = "unix:///var/run/docker.sock"
SOCKET_SCHEME = "unix://"
PASSWORD = re.compile(r":(?!//)[^@/\s]*@")
"""In an address, between the user and the host."""
DEFAULT_CONTEXT = "default"
"""Docker's name for the default socket."""


class EndpointError(ValueError):
    """One sentence that says why no engine can be named, or why the named one is refused."""


@dataclass(frozen=True)
class Endpoint:
    """Where an engine is reached."""

    host: str
    """Address of a socket of this machine, such as unix:///var/run/docker.sock."""
    origin: str
    """What names it, such as `DOCKER_HOST`."""

    @property
    def socket(self) -> Path:
        """The socket's file."""
        return Path(self.host.removeprefix(SOCKET_SCHEME))

    @property
    def is_default(self) -> bool:
        """Whether Pulumi's plugin takes this engine without being told."""
        return same_socket(self.host, DEFAULT_HOST)


DEFAULT = Endpoint(DEFAULT_HOST, "Docker's default")


def find_endpoint(environment: Mapping[str, str] = os.environ) -> Endpoint:
    """Return the engine that the environment and Docker's configuration name.

    Raises:
        EndpointError: when a context does not exist, two engines are named, or the engine is on another machine.
    """
    host, context = environment.get("DOCKER_HOST"), environment.get("DOCKER_CONTEXT")
    if not host:
        folder = configuration_folder(environment)
        origin = "DOCKER_CONTEXT" if context else str(folder / "config.json")
        return _local(_of_context(context or _current_context(folder), folder, origin), environment)
    found = _local(Endpoint(host, "DOCKER_HOST"), environment)
    if context and not same_socket(
        found.host, _of_context(context, configuration_folder(environment), "DOCKER_CONTEXT").host
    ):
        raise EndpointError("DOCKER_HOST and DOCKER_CONTEXT name two Docker engines: unset one")
    return found


def configuration_folder(environment: Mapping[str, str]) -> Path:
    """Return the folder of the `docker` command's configuration."""
    given, home = environment.get("DOCKER_CONFIG"), environment.get("HOME")
    return Path(given) if given else Path(home or Path("~").expanduser()) / ".docker"


def same_socket(one: str, other: str) -> bool:
    """Return whether two addresses name one socket; /var/run is a link to /run."""
    return os.path.realpath(one.removeprefix(SOCKET_SCHEME)) == os.path.realpath(other.removeprefix(SOCKET_SCHEME))


def _current_context(folder: Path) -> str:
    try:
        configuration = json.loads((folder / "config.json").read_text())
    except (OSError, ValueError):
        # The `docker` command goes on without a file that it cannot read.
        return DEFAULT_CONTEXT
    named = configuration.get("currentContext") if isinstance(configuration, dict) else None
    return str(named or DEFAULT_CONTEXT)


def _of_context(name: str, folder: Path, origin: str) -> Endpoint:
    if name == DEFAULT_CONTEXT:
        return DEFAULT
    file = folder / "contexts" / "meta" / hashlib.sha256(name.encode()).hexdigest() / "meta.json"
    try:
        context: Any = json.loads(file.read_text())
        host = context["Endpoints"]["docker"]["Host"]
    except FileNotFoundError:
        raise EndpointError(
            f"Docker context {name} does not exist, and {origin} names it: `docker context use default`"
            if origin != "DOCKER_CONTEXT"
            else f"Docker context {name} does not exist, and {origin} names it: unset it"
        ) from None
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise EndpointError(f"Docker context {name}: {file} is not readable ({type(error).__name__})") from error
    return Endpoint(str(host), f"Docker context {name} ({origin})")


def _local(endpoint: Endpoint, environment: Mapping[str, str]) -> Endpoint:
    """Return the endpoint if it is a socket of this machine.

    Raises:
        EndpointError: when it is not. Ports, disk, proofs and outputs of a stack are those of the machine on which the
            project runs.
    """
    if not endpoint.host.startswith(f"{SOCKET_SCHEME}/"):
        raise EndpointError(
            f"{endpoint.origin}: {PASSWORD.sub(':****@', endpoint.host)} is not a socket of this machine, unix:///…; "
            "run the project on the engine's own machine"
        )
    if environment.get("DOCKER_CERT_PATH"):
        raise EndpointError("DOCKER_CERT_PATH: names certificates, and a socket of this machine takes none; unset it")
    return endpoint
