"""Whether the stack's own names of containers are free."""

from collections.abc import Collection, Iterable

from docker.models.containers import Container

from components.engine.labels import STACK_LABEL


def refusals(stack: str, names: Collection[str], containers: Iterable[Container]) -> list[str]:
    """Return a sentence for each container that has one of the names and no label of a stack.

    Those of another state of the same stack have the label.
    """
    return [
        f"container {container.name}: has a name of this stack, and is none of its containers; "
        f"`docker rename {container.name} {container.name}-old`, or remove it"
        for container in containers
        if container.name in names and container.labels.get(STACK_LABEL) != stack
    ]
