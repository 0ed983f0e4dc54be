"""What the Docker engine has of a stack."""

import io
import tarfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import docker
from docker.errors import ImageNotFound, NotFound

from components.engine.host.disk import engine_disk
from components.engine.labels import STACK_LABEL, WORKLOAD_LABEL
from components.engine.ownership import EngineObject, ObjectKind, foreign_objects, observe_objects
from ops.stack.engines.docker_engine import docker_engine
from ops.stack.state import RecordedResource

OBSERVE_TIMEOUT_SECONDS = 60
"""Time for one answer of the engine."""


@dataclass(frozen=True)
class ObservedState:
    """What is on the engine, as data."""

    containers: Mapping[str, Mapping[str, Any]]
    """Containers with the stack's label or in its state, by id, as `docker inspect` shows them."""
    images: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    """Those containers' images, by id."""
    networks: frozenset[str] = frozenset()
    """Ids of all networks."""
    volumes: frozenset[str] = frozenset()
    """Names of all volumes."""
    files: Mapping[str, Mapping[str, str | None]] = field(default_factory=dict, repr=False)
    """Id of a data container → path → text; None if the file is missing. Secrets are among them."""
    foreign: tuple[EngineObject, ...] = ()
    """Parts of another stack of this name; their containers are not among `containers`."""
    orphans: tuple[EngineObject, ...] = ()
    """Networks and volumes with the stack's identity that are not in its state."""
    objects: tuple[EngineObject, ...] = ()
    """All objects of the stack's name."""
    stack: str = ""
    """Name of the stack."""
    free_gib: float | None = None
    """Free disk under the engine's root; None if the engine is on another machine."""

    def container_named(self, name: str) -> Mapping[str, Any] | None:
        """Return the container of this name."""
        return next((each for each in self.containers.values() if each["Name"] == f"/{name}"), None)


def observe(stack: str, resources: Sequence[RecordedResource], identity: str | None = None) -> ObservedState:
    """Return what the engine has of a stack: by its label, and by the resources in its state.

    Args:
        stack: its name.
        resources: those in its state.
        identity: the one that its state gives it.

    Raises:
        OperationError: if no engine answers.
    """
    with docker_engine(OBSERVE_TIMEOUT_SECONDS) as engine:
        labelled = engine.containers.list(all=True, filters={"label": f"{STACK_LABEL}={stack}"}, ignore_removed=True)
        objects = observe_objects(engine, stack, labelled)
        known = {resource.id for resource in resources}
        foreign = foreign_objects(objects, known, identity)
        theirs = {object_.id for object_ in foreign}
        containers: dict[str, Mapping[str, Any]] = {
            str(each.id): each.attrs for each in labelled if str(each.id) not in theirs
        }
        for resource in resources:
            if resource.is_container and resource.id not in containers:
                containers.update(_unlabelled(engine, resource))
        images = {str(each["Image"]) for each in containers.values()}
        return ObservedState(
            containers=containers,
            stack=stack,
            images={image: _image(engine, image) for image in images},
            networks=frozenset(str(each.id) for each in engine.networks.list()),
            volumes=frozenset(str(each.name) for each in engine.volumes.list()),
            foreign=tuple(foreign),
            orphans=tuple(
                object_
                for object_ in objects
                if object_.kind is not ObjectKind.CONTAINER and object_.identity == identity and object_.id not in known
            )
            if identity
            else (),
            objects=objects,
            free_gib=_free_gib(engine),
            files={
                resource.id: _files(engine, reader, [str(each["file"]) for each in resource.inputs["uploads"]])
                for resource in resources
                if resource.inputs.get("uploads") and (reader := _reader(resource, containers))
            },
        )


def workload_name(container: Mapping[str, Any]) -> str:
    """Return the name of a container's workload, from its label."""
    return str((container["Config"].get("Labels") or {}).get(WORKLOAD_LABEL, "?"))


def container_status(container: Mapping[str, Any]) -> str:
    """Return a running container's health, e.g. `healthy`, if it has a health check; else Docker's status."""
    state = container["State"]
    health = (state.get("Health") or {}).get("Status")
    return str(health) if state["Status"] == "running" and health else str(state["Status"])


def _free_gib(engine: docker.DockerClient) -> float | None:
    found = engine_disk(engine.info())
    return found.free_gib if found else None


def _unlabelled(engine: docker.DockerClient, resource: RecordedResource) -> dict[str, Mapping[str, Any]]:
    """Return a container without the stack's label, found by its id, else by its name."""
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


def _reader(resource: RecordedResource, containers: Mapping[str, Mapping[str, Any]]) -> str | None:
    """Return the id of a container that has a data container's files: itself, or one that mounts its volume."""
    if resource.id in containers:
        return resource.id
    mounting = (
        id_
        for id_, container in containers.items()
        if any(mount.get("Name") == resource.volume_of_files for mount in container.get("Mounts") or [])
    )
    return next(mounting, None) if resource.volume_of_files else None


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
