"""Finds what differs on the engine from what Pulumi made, also where Pulumi does not look."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from rich.console import Console
from rich.table import Table

from ops.errors import OperationError
from ops.repair.container_facts import LABEL, NAME_ONLY, by_image, found, wanted
from ops.repair.observed_state import View, look, status, workload
from ops.repair.recorded_state import Recorded, recorded
from ops.stack.automation import existing, never_up

NETWORK, VOLUME = "docker:index/network:Network", "docker:index/volume:Volume"
LONGEST = 60
"""Characters of a value that is shown."""


@dataclass(frozen=True)
class Drift:
    """One thing that is not as Pulumi made it."""

    resource: str
    what: str
    wanted: str
    found: str


def run(name: str, *, as_json: bool) -> bool:
    """Print what differs; tell whether anything does.

    Raises:
        OperationError: when the stack is not up, or the engine does not answer.
    """
    console = Console(stderr=True)
    with console.status(f"comparing {name} with the engine"):
        resources = recorded(existing(name).export_stack().deployment)
        view = look(name, resources)
    if not resources and not view.containers:
        raise OperationError(never_up(name))
    differences = drifts(resources, view)
    if as_json:
        print(json.dumps([asdict(each) for each in differences], indent=2))
    elif differences:
        Console().print(table(differences))
        print(f"\n`python -m ops recover {name}` makes it so again")
    else:
        print(f"{name}: the engine holds what Pulumi made")
    return bool(differences)


def drifts(resources: Sequence[Recorded], view: View) -> list[Drift]:
    """Compare the state with the engine."""
    known = {resource.id for resource in resources}
    differences = [drift for resource in resources for drift in _of_resource(resource, view)]
    foreign = [
        Drift(workload(container), "container", "none", f"{container['Name'][1:]}, {status(container)}: not Pulumi's")
        for id_, container in view.containers.items()
        if id_ not in known
    ]
    return [*differences, *foreign]


def table(differences: Sequence[Drift]) -> Table:
    """Lay the differences out for reading."""
    laid_out = Table("RESOURCE", "WHAT", "WANTED", "FOUND", box=None)
    for each in differences:
        laid_out.add_row(each.resource, each.what, each.wanted, each.found)
    return laid_out


def _of_resource(resource: Recorded, view: View) -> list[Drift]:
    if resource.leaving:
        there = resource.is_container and resource.id in view.containers
        return [Drift(resource.name, "container", "removed", "an unfinished update left it")] if there else []
    if resource.is_container:
        return _of_container(resource, view)
    missing = (resource.kind == NETWORK and resource.id not in view.networks) or (
        resource.kind == VOLUME and resource.id not in view.volumes
    )
    what = "network" if resource.kind == NETWORK else "volume"
    return [Drift(resource.name, what, str(resource.inputs.get("name")), "missing")] if missing else []


def _of_container(resource: Recorded, view: View) -> list[Drift]:
    container = view.containers.get(resource.id)
    if container is None:
        other = view.named(str(resource.inputs.get("name")))
        if other is None:
            return [Drift(resource.name, "container", str(resource.inputs.get("name")), "missing")]
        replaced = Drift(resource.name, "container", resource.id[:12], f"another of its name: {other['Id'][:12]}")
        return [replaced, *_facts(resource, other, view)]
    return [*_state(resource, container), *changed_facts(resource, view)]


def changed_facts(resource: Recorded, view: View) -> list[Drift]:
    """Compare a container that is there with what it was made as, its files among that."""
    container = view.containers.get(resource.id)
    if container is None or resource.leaving or not resource.is_container:
        return []
    return [*_facts(resource, container, view), *_files(resource, view)]


def _state(resource: Recorded, container: Mapping[str, Any]) -> list[Drift]:
    if not resource.must_run or status(container) in ("healthy", "starting", "running"):
        return []
    return [
        Drift(resource.name, "state", "healthy" if resource.inputs.get("healthcheck") else "running", status(container))
    ]


def _facts(resource: Recorded, container: Mapping[str, Any], view: View) -> list[Drift]:
    to_be = wanted(resource.inputs)
    is_now = found(container)
    own = by_image(view.images.get(str(container["Image"]), {}))
    added = {name for name, value in is_now.items() if name.startswith((NAME_ONLY, LABEL)) and own.get(name) != value}
    asked = [*to_be, *sorted(added - to_be.keys())]
    return [
        Drift(resource.name, fact, *_shown(fact, to_be.get(fact), is_now.get(fact)))
        for fact in asked
        if to_be.get(fact) != is_now.get(fact)
    ]


def _shown(fact: str, to_be: Any, is_now: Any) -> tuple[str, str]:
    if fact.startswith(NAME_ONLY):
        return ("unset" if to_be is None else str(to_be)), ("unset" if is_now is None else "another value")
    return _text(to_be), _text(is_now)


def _text(value: Any) -> str:
    text = "none" if value in (None, "", [], {}) else str(value)
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 1]}…"


def _files(resource: Recorded, view: View) -> list[Drift]:
    """Compare a carrier's files; what is in them is never shown."""
    there = view.files.get(resource.id, {})
    return (
        [
            Drift(
                resource.name, str(upload["file"]), "as Pulumi wrote it", "missing" if text is None else "another text"
            )
            for upload in resource.inputs.get("uploads") or []
            if (text := there.get(str(upload["file"]))) != upload["content"]
        ]
        if there
        else []
    )
