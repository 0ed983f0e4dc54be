"""Find what differs on the engine from Pulumi's state, also where Pulumi itself does not look."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

from rich.console import Console

from components.engine.ownership import refusal
from ops.errors import OperationError
from ops.repair.cluster_drift import ObservedNamespace, find_cluster_drift, observe_namespace
from ops.repair.container_facts import LABEL, VARIABLE, actual_facts, image_facts, wanted_facts
from ops.repair.drift_table import Drift, drift_table, shorten
from ops.repair.observed_state import ObservedState, container_status, observe, workload_name
from ops.stack.automation import not_up_error, open_existing
from ops.stack.engines.engine import runs_on_cluster
from ops.stack.state import (
    NETWORK,
    VOLUME,
    Deployment,
    RecordedResource,
    needed_resources,
    recorded_resources,
    stack_identity,
)


def show_drift(name: str, *, as_json: bool) -> bool:
    """Print what differs; return whether anything does.

    Raises:
        OperationError: if the stack is not up or the engine does not answer.
    """
    console = Console(stderr=True)
    with console.status(f"comparing {name} with the engine"):
        deployment = open_existing(name).export_stack().deployment
        drifts, foreign = compare(name, deployment)
    if as_json:
        print(json.dumps([asdict(each) for each in drifts], indent=2))
    elif drifts:
        Console().print(drift_table(drifts))
        print(f"\n{foreign}" if foreign else f"\n`python -m ops recover {name}` repairs it")
    else:
        print(f"{name}: no drift")
    return bool(drifts)


def compare(name: str, deployment: Deployment | None) -> tuple[list[Drift], str | None]:
    """Return what differs, and a sentence on what another stack of this name made.

    Raises:
        OperationError: if the stack is not up or the engine does not answer.
    """
    resources, identity = recorded_resources(deployment), stack_identity(deployment)
    observed: ObservedNamespace | ObservedState
    if runs_on_cluster(name):
        observed = observe_namespace(name, resources, identity)
        there, drifts = bool(observed.manifests), find_cluster_drift(resources, observed)
    else:
        observed = observe(name, resources, identity)
        there, drifts = bool(observed.objects), find_drift(resources, observed)
    if not resources and not there:
        raise OperationError(not_up_error(name))
    return drifts, refusal(name, observed.foreign, observed.objects) if observed.foreign else None


def find_drift(resources: Sequence[RecordedResource], observed: ObservedState) -> list[Drift]:
    """Return every difference between the state and the engine."""
    known = {resource.id for resource in resources}
    drifts = [drift for resource in needed_resources(resources) for drift in _of_resource(resource, observed)]
    unknown = [
        Drift(
            workload_name(container),
            "container",
            "none",
            f"{container['Name'][1:]}, {container_status(container)}: not in the state",
        )
        for id_, container in observed.containers.items()
        if id_ not in known
    ]
    orphans = [Drift(each.name, each.kind, "none", "not in the state") for each in observed.orphans]
    foreign = [Drift(each.name, each.kind, "none", "another stack of this name made it") for each in observed.foreign]
    return [*drifts, *unknown, *orphans, *foreign]


def changed_properties(resource: RecordedResource, observed: ObservedState) -> list[Drift]:
    """Return how a container differs from its inputs, and its files from theirs; empty for other resources."""
    if resource.pending_delete or not resource.is_container:
        return []
    container = observed.containers.get(resource.id)
    properties = _properties(resource, container, observed) if container else []
    return [*properties, *_files(resource, observed)]


def _of_resource(resource: RecordedResource, observed: ObservedState) -> list[Drift]:
    if resource.pending_delete:
        exists = resource.is_container and resource.id in observed.containers
        return [Drift(resource.name, "container", "removed", "an unfinished update left it")] if exists else []
    if resource.is_container:
        return _of_container(resource, observed)
    missing = (resource.type == NETWORK and resource.id not in observed.networks) or (
        resource.type == VOLUME and resource.id not in observed.volumes
    )
    what = "network" if resource.type == NETWORK else "volume"
    return [Drift(resource.name, what, str(resource.inputs.get("name")), "missing")] if missing else []


def _of_container(resource: RecordedResource, observed: ObservedState) -> list[Drift]:
    container = observed.containers.get(resource.id)
    if container is None and resource.is_done:
        return _files(resource, observed)
    if container is None:
        other = observed.container_named(str(resource.inputs.get("name")))
        if other is None:
            return [Drift(resource.name, "container", str(resource.inputs.get("name")), "missing")]
        replaced = Drift(resource.name, "container", resource.id[:12], f"another one of its name: {other['Id'][:12]}")
        return [replaced, *_properties(resource, other, observed)]
    return [*_status(resource, container), *changed_properties(resource, observed)]


def _status(resource: RecordedResource, container: Mapping[str, Any]) -> list[Drift]:
    status = container_status(container)
    if not resource.must_run or status in ("healthy", "starting", "running"):
        return []
    return [Drift(resource.name, "state", "healthy" if resource.inputs.get("healthcheck") else "running", status)]


def _properties(resource: RecordedResource, container: Mapping[str, Any], observed: ObservedState) -> list[Drift]:
    wanted, actual = wanted_facts(resource.inputs), actual_facts(container)
    from_image = image_facts(observed.images.get(str(container["Image"]), {}))
    added = {
        name for name, value in actual.items() if name.startswith((VARIABLE, LABEL)) and from_image.get(name) != value
    }
    return [
        Drift(resource.name, fact, *_shown(fact, wanted.get(fact), actual.get(fact)))
        for fact in [*wanted, *sorted(added - wanted.keys())]
        if wanted.get(fact) != actual.get(fact)
    ]


def _shown(fact: str, wanted: Any, actual: Any) -> tuple[str, str]:
    if fact.startswith(VARIABLE):
        return ("unset" if wanted is None else str(wanted)), ("unset" if actual is None else "another value")
    return _text(wanted), _text(actual)


def _text(value: Any) -> str:
    return shorten("none" if value in (None, "", [], {}) else str(value))


def _files(resource: RecordedResource, observed: ObservedState) -> list[Drift]:
    """Return the files of a data container that differ; their texts are never shown."""
    present = observed.files.get(resource.id, {})
    if not present:
        return []
    compared = [(str(each["file"]), each["content"]) for each in resource.inputs.get("uploads") or []]
    return [
        Drift(resource.name, path, "as Pulumi wrote it", "missing" if present.get(path) is None else "another text")
        for path, content in compared
        if present.get(path) != content
    ]
