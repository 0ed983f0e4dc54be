"""What all parts of a stack need together."""

from collections.abc import Callable
from dataclasses import dataclass

from components.stack.parts import Kind, Part, enabled_parts
from components.stack.settings import Settings


@dataclass(frozen=True)
class PartSum:
    """A sum over the parts of a stack."""

    parts: dict[str, int]
    """Of each part; its replicas together."""
    update: int
    """More while an update runs: what starts before the old stops, and the largest job."""

    @property
    def total(self) -> int:
        """The most that the stack needs."""
        return sum(self.parts.values()) + self.update


def part_sum(stack: Settings, size: Callable[[Part], int]) -> PartSum:
    """Return the sum; `size` returns what one container of a part needs."""
    parts = enabled_parts(stack)
    services = [part for part in parts if part.kind is Kind.SERVICE]
    sizes = {part.name: size(part) * part.most_containers(stack) for part in services}
    doubled = sum(sizes[part.name] for part in services if part.doubles_in_update)
    jobs = max((size(part) for part in parts if part.kind is Kind.JOB), default=0)
    # Jobs end before the first new container starts.
    return PartSum(sizes, max(doubled, jobs))


def memory_sum(stack: Settings) -> PartSum:
    """Return the limits of memory, in MiB."""
    return part_sum(stack, lambda part: part.memory_mib(stack))


def too_little_memory(stack: Settings, there_mib: int) -> str | None:
    """Return a warning when there is less memory than the limits of the stack's parts; None when there is enough."""
    needed = memory_sum(stack)
    if needed.total <= there_mib:
        return None
    return (
        f"memory: the parts may use {needed.total} MiB while an update runs, and {stack.engine.offers} {there_mib};"
        " `python -m ops doctor` lists them"
    )
