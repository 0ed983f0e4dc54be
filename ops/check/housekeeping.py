"""What the engine's housekeeping, such as `docker system prune`, removed of a stack, and whether anything needs it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from components.engine.host.images import image_id
from components.images.built import BUILT_PREFIX
from ops.check.machine import BOOTSTRAP, Check, CheckStatus
from ops.stack.automation import open_existing
from ops.stack.engines.docker_engine import docker_engine
from ops.stack.state import IMAGE, VOLUME, RecordedResource, needed_resources, recorded_resources

BUILD = f"{BOOTSTRAP}, then "
"""Images that were built on this machine cannot be pulled."""


@dataclass(frozen=True)
class Present:
    """What the engine has, of any stack."""

    containers: frozenset[str]
    """Ids."""
    volumes: frozenset[str]
    """Names."""
    images: frozenset[str]
    """References."""


def housekeeping_check(name: str) -> Check:
    """Compare the state of a stack with the engine.

    Raises:
        OperationError: if no engine answers, or the stack cannot be opened.
    """
    resources = recorded_resources(open_existing(name).export_stack().deployment)
    return removed(name, resources, present(str(each.inputs["name"]) for each in resources if each.type == IMAGE))


def removed(name: str, resources: Sequence[RecordedResource], engine: Present) -> Check:
    """Return the check of one stack."""
    subject = f"{name}: housekeeping"
    gone = [each for each in resources if not each.pending_delete and not _has(engine, each)]
    if needed := [each for each in needed_resources(resources) if each in gone and not each.is_done]:
        text = f"not on the engine: {', '.join(each.name for each in needed)}"
        built = any(each.type == IMAGE and each.inputs["name"].startswith(BUILT_PREFIX) for each in needed)
        return Check(subject, CheckStatus.WARNING, text, f"{BUILD if built else ''}python -m ops recover {name}")
    if gone:
        text = f"the engine removed {', '.join(each.name for each in gone)}; nothing needs them any more"
        return Check(subject, CheckStatus.OK, text)
    return Check(subject, CheckStatus.OK, "the engine has all that was created")


def present(images: Iterable[str]) -> Present:
    """Ask the engine what it has; of images, which of these.

    Raises:
        OperationError: if no engine answers.
    """
    with docker_engine() as engine:
        return Present(
            containers=frozenset(str(each.id) for each in engine.containers.list(all=True, sparse=True)),
            volumes=frozenset(str(each.name) for each in engine.volumes.list()),
            images=frozenset(each for each in images if image_id(engine, each)),
        )


def _has(engine: Present, resource: RecordedResource) -> bool:
    if resource.is_container:
        return resource.id in engine.containers
    if resource.type == VOLUME:
        return resource.id in engine.volumes
    return resource.type != IMAGE or resource.inputs["name"] in engine.images
