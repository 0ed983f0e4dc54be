"""The memory that a stack needs, as the sum of its parts' limits."""

from dataclasses import dataclass

from components.stack.parts import Kind, enabled_parts
from components.stack.settings import Settings


@dataclass(frozen=True)
class MemorySum:
    """Memory limits of a stack, in MiB."""

    parts: dict[str, int]
    """Of each part; its replicas together."""
    update: int
    """More while an update runs: what starts before the old stops, and the largest job."""

    @property
    def total(self) -> int:
        """The most that the stack may use."""
        return sum(self.parts.values()) + self.update


def memory_sum(stack: Settings) -> MemorySum:
    """Return the memory that a stack needs."""
    parts = enabled_parts(stack)
    services = [part for part in parts if part.kind is Kind.SERVICE]
    sizes = {part.name: part.memory_mib(stack) * len(part.containers(stack)) for part in services}
    doubled = sum(sizes[part.name] for part in services if part.doubles_in_update)
    jobs = max((part.memory_mib(stack) for part in parts if part.kind is Kind.JOB), default=0)
    # Jobs end before the first new container starts.
    return MemorySum(sizes, max(doubled, jobs))
