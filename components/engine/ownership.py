"""Whose the containers, networks and volumes are that an engine has of a stack's name."""

import getpass
import os
import re
import socket
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import Path
from typing import Any

import docker
from docker.models.containers import Container

from components.engine.labels import IDENTITY_LABEL, MADE_BY_LABEL, STACK_LABEL, WORKLOAD_LABEL

MOST_NAMES = 3
"""Objects that a refusal names."""


class ObjectKind(StrEnum):
    """What kind of object it is on the engine."""

    CONTAINER = "container"
    NETWORK = "network"
    VOLUME = "volume"
    OBJECT = "object"
    """Of a Kubernetes cluster, whatever its kind."""


@dataclass(frozen=True)
class EngineObject:
    """A container, network, volume or object of a cluster with the stack's label."""

    kind: ObjectKind
    id: str
    """A volume's is its name."""
    name: str
    identity: str | None = None
    """Identity of the stack that made it; None: it was made without one."""
    made_by: str | None = None
    """Who made it, from where, and with which backend; only the stack's volume `identity` says it."""
    workload: str | None = None
    """Of a container, or of a volume of files: whose they are; None for volumes with data, and networks."""
    joined: frozenset[str] = frozenset()
    """Of a container: names of its networks and volumes."""
    files_from: frozenset[str] = frozenset()
    """Of a container: ids of the containers that hold its files."""


def observe_objects(
    engine: docker.DockerClient, stack: str, containers: Iterable[Container]
) -> tuple[EngineObject, ...]:
    """Return all objects with the stack's label; `containers` are all of the engine's."""
    filters: dict[str, Any] = {"label": f"{STACK_LABEL}={stack}"}
    networks = [
        _object(ObjectKind.NETWORK, str(each.id), str(each.name), each.attrs.get("Labels") or {})
        for each in engine.networks.list(filters=filters)
    ]
    volumes = [
        _object(ObjectKind.VOLUME, str(each.name), str(each.name), each.attrs.get("Labels") or {})
        for each in engine.volumes.list(filters=filters)
    ]
    own = [_container(each) for each in containers if each.labels.get(STACK_LABEL) == stack]
    return tuple(with_identities([*networks, *volumes, *own]))


def with_identities(objects: Iterable[EngineObject]) -> list[EngineObject]:
    """Return the objects, each container with the identity of what it joins, or of who reads the files in it.

    Containers have no label of their own for it: another label would replace every container of a running stack.
    """
    found = list(objects)
    labelled = {
        object_.name: object_.identity
        for object_ in found
        if object_.kind is not ObjectKind.CONTAINER and object_.identity
    }
    joined = [
        replace(
            object_,
            identity=next((labelled[name] for name in sorted(object_.joined & labelled.keys())), object_.identity),
        )
        for object_ in found
    ]
    readers = {holder: object_.identity for object_ in joined if object_.identity for holder in object_.files_from}
    return [replace(object_, identity=object_.identity or readers.get(object_.id)) for object_ in joined]


def strangers(objects: Iterable[EngineObject], identity: str | None) -> list[EngineObject]:
    """Return the objects that were made under another identity; those without any may be the stack's own."""
    return [object_ for object_ in objects if object_.identity not in (None, identity)]


def foreign_objects(
    objects: Sequence[EngineObject], own_ids: Collection[str], identity: str | None
) -> list[EngineObject]:
    """Return the objects that another state made.

    Where there are networks that are neither the state's nor of its identity, a container that joins none of the
    state's objects is foreign. Where nothing on the engine is the state's, everything is.

    Args:
        objects: what the engine has of the stack's name.
        own_ids: ids of all that the state knows.
        identity: the state's; None if it has none yet.
    """
    own = [object_ for object_ in objects if object_.id in own_ids or (identity and object_.identity == identity)]
    if not own:
        return list(objects)
    own_names = {object_.name for object_ in own}
    theirs = strangers(objects, identity)
    if any(object_.kind is ObjectKind.NETWORK and object_ not in own for object_ in objects):
        containers = (object_ for object_ in objects if object_.kind is ObjectKind.CONTAINER)
        theirs += [object_ for object_ in containers if object_ not in theirs and not object_.joined & own_names]
    return [object_ for object_ in theirs if object_ not in own]


def refusal(stack: str, foreign: Collection[EngineObject], objects: Iterable[EngineObject]) -> str:
    """Return the sentence that names foreign objects, who made them, and the ways on."""
    counts = Counter(object_.kind.value for object_ in foreign)
    counted = ", ".join(f"{number} {kind}{'s' if number > 1 else ''}" for kind, number in sorted(counts.items()))
    names = [
        object_.name
        for object_ in sorted(foreign, key=lambda object_: (object_.kind.value, len(object_.name), object_.name))
    ]
    more = ", …" if len(names) > MOST_NAMES else ""
    theirs = {object_.identity for object_ in foreign}
    makers = sorted({object_.made_by for object_ in objects if object_.made_by and object_.identity in theirs})
    # A cluster's API tells less of an object than a state needs.
    on_cluster = any(object_.kind is ObjectKind.OBJECT for object_ in foreign)
    lost = "" if on_cluster else f" if that state is lost, `python -m ops recover {stack} --lost-state`;"
    made_by = f", made by {'; '.join(makers)}" if makers else ""
    return (
        f"this engine has parts of another stack named {stack} ({counted}: {', '.join(names[:MOST_NAMES])}{more})"
        f"{made_by}: give your stack another name, or work with the state that they belong to;{lost}"
        " if they are left over, remove them"
    )


def maker(environment: Mapping[str, str] = os.environ) -> str:
    """Return who runs this, in which folder, and with which backend, without its password."""
    backend = re.sub(r"(?<=://)[^@/\s]*@", "", environment.get("PULUMI_BACKEND_URL") or "").partition("?")[0]
    by = f"{user_at_host()} in {Path.cwd()}"
    return f"{by} with {backend}" if backend else by


def user_at_host() -> str:
    """Return who runs this process, USER@HOST; the user's number where the system has no name for it."""
    try:
        user = getpass.getuser()
    except (KeyError, OSError):
        user = str(os.getuid())
    return f"{user}@{socket.gethostname()}"


def _object(kind: ObjectKind, id_: str, name: str, labels: Mapping[str, str]) -> EngineObject:
    return EngineObject(
        kind, id_, name, labels.get(IDENTITY_LABEL), labels.get(MADE_BY_LABEL), labels.get(WORKLOAD_LABEL)
    )


def _container(container: Container) -> EngineObject:
    attributes = container.attrs
    volumes = {str(mount.get("Name")) for mount in attributes.get("Mounts") or [] if mount.get("Name")}
    return replace(
        _object(ObjectKind.CONTAINER, str(container.id), str(container.name), container.labels),
        joined=frozenset({*(attributes["NetworkSettings"].get("Networks") or {}), *volumes}),
        files_from=frozenset(each.partition(":")[0] for each in attributes["HostConfig"].get("VolumesFrom") or []),
    )
