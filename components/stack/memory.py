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


def too_little_memory(stack: Settings, there_mib: int) -> str | None:
    """Return a warning when there is less memory than the limits of the stack's parts; None when there is enough."""
    needed = memory_sum(stack)
    if needed.total <= there_mib:
        return None
    return (
        f"memory: the parts may use {needed.total} MiB while an update runs, and {stack.engine.offers} {there_mib};"
        " `python -m ops doctor` lists them"
    )


def memory_sum(stack: Settings) -> MemorySum:
    """Return the memory that a stack needs."""
    parts = enabled_parts(stack)
    services = [part for part in parts if part.kind is Kind.SERVICE]
    sizes = {part.name: part.memory_mib(stack) * part.most_containers(stack) for part in services}
    doubled = sum(sizes[part.name] for part in services if part.doubles_in_update)
    jobs = max((part.memory_mib(stack) for part in parts if part.kind is Kind.JOB), default=0)
    # Jobs end before the first new container starts.
    return MemorySum(sizes, max(doubled, jobs))
