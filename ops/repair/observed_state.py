"""What the Docker engine has of a stack."""

import io
import shutil
import tarfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import docker
from docker.errors import APIError, DockerException, ImageNotFound, NotFound

from components.engine.labels import STACK_LABEL, WORKLOAD_LABEL
from components.engine.preflight import unreachable
from ops.errors import OperationError
from ops.repair.recorded_state import Recorded

PATIENCE = 60
"""Seconds for one answer of the engine."""


@dataclass(frozen=True)
class View:
    """The engine's side of a stack, as data."""

    containers: Mapping[str, Mapping[str, Any]]
    """All that carry the stack's label or that the state names, by id, as `docker inspect` shows them."""
    images: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    """Those containers' images, by id."""
    networks: frozenset[str] = frozenset()
    """Ids."""
    volumes: frozenset[str] = frozenset()
    """Names."""
    files: Mapping[str, Mapping[str, str | None]] = field(default_factory=dict, repr=False)
    """Of each carrier's id the files by path; None: the file is not there. Secrets are among them."""

    free_gib: float | None = None
    """Free disk under the engine's root; None where the engine is on another machine."""

    def named(self, name: str) -> Mapping[str, Any] | None:
        """Find a container by its name."""
        return next((each for each in self.containers.values() if each["Name"] == f"/{name}"), None)


def look(stack: str, resources: Sequence[Recorded]) -> View:
    """Ask the engine for what carries the stack's label and what the state holds.

    Raises:
        OperationError: when no engine answers.
    """
    try:
        return _look(docker.from_env(timeout=PATIENCE), stack, resources)
    except APIError as error:
        raise OperationError(f"Docker refused: {error.explanation or error}") from error
    except (DockerException, OSError) as error:
        raise OperationError(unreachable(str(error))) from error


def workload(container: Mapping[str, Any]) -> str:
    """Name the workload that a container is of, by its label."""
    return str((container["Config"].get("Labels") or {}).get(WORKLOAD_LABEL, "?"))


def status(container: Mapping[str, Any]) -> str:
    """Say in a word how a container is: `healthy`, `starting`, `unhealthy`, or Docker's word for its state."""
    state = container["State"]
    health = (state.get("Health") or {}).get("Status")
    return str(health) if state["Status"] == "running" and health else str(state["Status"])


def _look(engine: docker.DockerClient, stack: str, resources: Sequence[Recorded]) -> View:
    labelled = engine.containers.list(all=True, filters={"label": f"{STACK_LABEL}={stack}"}, ignore_removed=True)
    containers: dict[str, Mapping[str, Any]] = {str(each.id): each.attrs for each in labelled}
    for resource in resources:
        if resource.is_container and resource.id not in containers:
            containers.update(_inspected(engine, resource))
    images = {str(each["Image"]) for each in containers.values()}
    return View(
        containers=containers,
        images={image: _image(engine, image) for image in images},
        networks=frozenset(str(each.id) for each in engine.networks.list()),
        volumes=frozenset(str(each.name) for each in engine.volumes.list()),
        free_gib=_free_gib(engine),
        files={
            resource.id: _files(engine, resource.id, [str(each["file"]) for each in resource.inputs["uploads"]])
            for resource in resources
            if resource.is_carrier and resource.id in containers and resource.inputs.get("uploads")
        },
    )


def _free_gib(engine: docker.DockerClient) -> float | None:
    if not engine.api.base_url.startswith("http+docker"):
        return None
    return shutil.disk_usage(str(engine.info()["DockerRootDir"])).free / 2**30


def _inspected(engine: docker.DockerClient, resource: Recorded) -> dict[str, Mapping[str, Any]]:
    """Find a container without the stack's label: by its id, else by the name that is its own."""
    for handle in (resource.id, str(resource.inputs.get("name") or "")):
        try:
            if handle:
                attributes = engine.containers.get(handle).attrs
                return {str(attributes["Id"]): attributes}
        except NotFound:
            continue
    return {}


def _image(engine: docker.DockerClient, image: str) -> Mapping[str, Any]:
    try:
        attributes: Mapping[str, Any] = engine.images.get(image).attrs
    except ImageNotFound:
        return {}
    return attributes


def _files(engine: docker.DockerClient, container: str, paths: Iterable[str]) -> dict[str, str | None]:
    return {path: _file(engine, container, path) for path in paths}


def _file(engine: docker.DockerClient, container: str, path: str) -> str | None:
    try:
        pieces, _ = engine.containers.get(container).get_archive(path)
    except NotFound:
        return None
    with tarfile.open(fileobj=io.BytesIO(b"".join(pieces))) as archive:
        member = archive.extractfile(archive.getmembers()[0])
        return member.read().decode(errors="replace") if member else None
