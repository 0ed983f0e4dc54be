"""What the engine's housekeeping, such as `docker system prune`, removed of a stack, and whether anything needs it."""

from collections.abc import Collection, Sequence

from docker.errors import ImageNotFound

from components.images.built import BUILT_PREFIX
from ops.check.machine import BOOTSTRAP, Check, CheckStatus
from ops.repair.observed_state import ObservedState, observe
from ops.stack.automation import open_existing
from ops.stack.engine import docker_engine
from ops.stack.state import IMAGE, VOLUME, RecordedResource, recorded_resources

BUILD = f"{BOOTSTRAP}, then "
"""Images that were built on this machine cannot be pulled."""


def housekeeping_check(name: str) -> Check:
    """Compare the state of a stack with the engine.

    Raises:
        OperationError: if no engine answers, or the stack cannot be opened.
    """
    resources = recorded_resources(open_existing(name).export_stack().deployment)
    references = [str(each.inputs["name"]) for each in resources if each.type == IMAGE and not each.pending_delete]
    return removed(name, resources, observe(name, resources), missing_images(references))


def removed(
    name: str, resources: Sequence[RecordedResource], observed: ObservedState, images: Collection[str]
) -> Check:
    """Return the check of one stack; `images` are those that the engine lacks."""
    subject = f"{name}: housekeeping"
    present = [each for each in resources if not each.pending_delete]
    volumes = [f"volume {each.name}" for each in present if each.type == VOLUME and each.id not in observed.volumes]
    needed = [
        f"container {each.name}"
        for each in present
        if each.is_container and not each.is_done and each.id not in observed.containers
    ]
    if lacking := [*needed, *volumes, *(f"image {each}" for each in images)]:
        text = f"not on the engine: {', '.join(lacking)}"
        built = any(image.startswith(BUILT_PREFIX) for image in images)
        return Check(subject, CheckStatus.WARNING, text, f"{BUILD if built else ''}python -m ops recover {name}")
    done = [each.name for each in present if each.is_done and each.id not in observed.containers]
    if done:
        text = f"the engine removed {', '.join(done)}; nothing needs them any more"
        return Check(subject, CheckStatus.OK, text)
    return Check(subject, CheckStatus.OK, "the engine has all that was created")


def missing_images(references: Sequence[str]) -> list[str]:
    """Return the images that the engine does not have."""
    with docker_engine() as engine:
        missing = []
        for reference in references:
            try:
                engine.images.get(reference)
            except ImageNotFound:
                missing.append(reference)
        return missing
