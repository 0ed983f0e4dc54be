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

from components.engine.labels import IDENTITY_LABEL, MADE_BY_LABEL, STACK_LABEL

MOST_NAMES = 3
"""Parts that a refusal names."""


class PartKind(StrEnum):
    """What a part is on the engine."""

    CONTAINER = "container"
    NETWORK = "network"
    VOLUME = "volume"


@dataclass(frozen=True)
class Part:
    """A container, network or volume with the stack's label."""

    kind: PartKind
    id: str
    """A volume's is its name."""
    name: str
    identity: str | None = None
    """Identity of the stack that made it; None: it was made without one."""
    made_by: str | None = None
    """Who made it, from where, and with which backend; only the stack's volume `identity` says it."""
    joined: frozenset[str] = frozenset()
    """Of a container: names of its networks and volumes."""
    files_from: frozenset[str] = frozenset()
    """Of a container: ids of the containers that hold its files."""


def observe_parts(engine: docker.DockerClient, stack: str, containers: Iterable[Container]) -> tuple[Part, ...]:
    """Return all parts with the stack's label; `containers` are all of the engine's."""
    filters: dict[str, Any] = {"label": f"{STACK_LABEL}={stack}"}
    networks = [
        _part(PartKind.NETWORK, str(each.id), str(each.name), each.attrs.get("Labels") or {})
        for each in engine.networks.list(filters=filters)
    ]
    volumes = [
        _part(PartKind.VOLUME, str(each.name), str(each.name), each.attrs.get("Labels") or {})
        for each in engine.volumes.list(filters=filters)
    ]
    own = [_container(each) for each in containers if each.labels.get(STACK_LABEL) == stack]
    return tuple(with_identities([*networks, *volumes, *own]))


def with_identities(parts: Iterable[Part]) -> list[Part]:
    """Return the parts, each container with the identity of what it joins, or of who reads the files in it.

    Containers have no label of their own for it: another label would replace every container of a running stack.
    """
    found = list(parts)
    labelled = {part.name: part.identity for part in found if part.kind is not PartKind.CONTAINER and part.identity}
    joined = [
        replace(part, identity=next((labelled[name] for name in sorted(part.joined & labelled.keys())), part.identity))
        for part in found
    ]
    readers = {holder: part.identity for part in joined if part.identity for holder in part.files_from}
    return [replace(part, identity=part.identity or readers.get(part.id)) for part in joined]


def strangers(parts: Iterable[Part], identity: str | None) -> list[Part]:
    """Return the parts that were made under another identity; those without any may be the stack's own."""
    return [part for part in parts if part.identity not in (None, identity)]


def foreign_parts(parts: Sequence[Part], own_ids: Collection[str], identity: str | None) -> list[Part]:
    """Return the parts that another state made.

    Parts without an identity are told apart by the state: a container is foreign when it joins another state's
    network or volume only. Where nothing on the engine is the state's, everything is foreign.

    Args:
        parts: what the engine has of the stack's name.
        own_ids: ids of all that the state knows.
        identity: the state's; None if it has none yet.
    """
    own = [part for part in parts if part.id in own_ids or (identity and part.identity == identity)]
    if not own:
        return list(parts)
    own_names = {part.name for part in own}
    other_names = {part.name for part in parts if part.kind is not PartKind.CONTAINER} - own_names
    theirs = strangers(parts, identity)
    return [
        part
        for part in parts
        if part not in own and (part in theirs or (part.joined & other_names and not part.joined & own_names))
    ]


def refusal(stack: str, foreign: Collection[Part], parts: Iterable[Part]) -> str:
    """Return the sentence that names foreign parts, who made them, and the ways on."""
    counts = Counter(part.kind.value for part in foreign)
    counted = ", ".join(f"{number} {kind}{'s' if number > 1 else ''}" for kind, number in sorted(counts.items()))
    names = [part.name for part in sorted(foreign, key=lambda part: (part.kind.value, len(part.name), part.name))]
    more = ", …" if len(names) > MOST_NAMES else ""
    theirs = {part.identity for part in foreign}
    makers = sorted({part.made_by for part in parts if part.made_by and part.identity in theirs})
    made_by = f", made by {'; '.join(makers)}" if makers else ""
    return (
        f"this engine has parts of another stack named {stack} ({counted}: {', '.join(names[:MOST_NAMES])}{more})"
        f"{made_by}: give your stack another name, or work with the state that they belong to; if that state is lost,"
        f" `python -m ops recover {stack} --lost-state`"
    )


def maker(environment: Mapping[str, str] = os.environ) -> str:
    """Return who runs this, in which folder, and with which backend, without its password."""
    backend = re.sub(r"(?<=://)[^@/\s]*@", "", environment.get("PULUMI_BACKEND_URL") or "").partition("?")[0]
    by = f"{getpass.getuser()}@{socket.gethostname()} in {Path.cwd()}"
    return f"{by} with {backend}" if backend else by


def _part(kind: PartKind, id_: str, name: str, labels: Mapping[str, str]) -> Part:
    return Part(kind, id_, name, labels.get(IDENTITY_LABEL), labels.get(MADE_BY_LABEL))


def _container(container: Container) -> Part:
    attributes = container.attrs
    volumes = {str(mount.get("Name")) for mount in attributes.get("Mounts") or [] if mount.get("Name")}
    return replace(
        _part(PartKind.CONTAINER, str(container.id), str(container.name), container.labels),
        joined=frozenset({*(attributes["NetworkSettings"].get("Networks") or {}), *volumes}),
        files_from=frozenset(each.partition(":")[0] for each in attributes["HostConfig"].get("VolumesFrom") or []),
    )
