"""How long `up` takes for more replicas, from nothing."""

import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path

from benchmarks.comparison.effort import Effort
from benchmarks.comparison.figures.metric import Goal, Metric
from benchmarks.comparison.figures.row import Values
from benchmarks.comparison.scenario import Group, Measure, Scenario, Sides
from benchmarks.comparison.scenarios.program import Size, configuration
from testbed.gateway import removed_at_end
from testbed.project import Project

STACK = "bench-replicas"


@dataclass(frozen=True)
class FirstUpdates:
    """Stacks that are created, measured and removed one after the other."""

    folder: Path
    """For the projects' copies."""

    def seconds(self, replicas: int, label: str) -> Values:
        """Create a stack with so many replicas; return the seconds until `up` ended."""
        folder = self.folder / label.replace(" ", "-")
        folder.mkdir()
        project = Project(folder, STACK, configuration(Size(replicas=replicas)))
        with removed_at_end(project):
            return {"seconds": project.up().seconds}


@contextmanager
def first_updates(_effort: Effort) -> Iterator[FirstUpdates]:
    """Make room for the copies; they are removed at the end."""
    folder = Path(tempfile.mkdtemp(prefix=f"{STACK}-"))
    try:
        yield FirstUpdates(folder)
    finally:
        shutil.rmtree(folder)


def against_one(replicas: int) -> Callable[[FirstUpdates, Effort], AbstractContextManager[Sides]]:
    """Return the opener of the comparison with a stack of one replica."""

    @contextmanager
    def opened(environment: FirstUpdates, _effort: Effort) -> Iterator[Sides]:
        def of(count: int) -> Measure:
            return lambda label: environment.seconds(count, label)

        yield Sides(of(replicas), of(1))

    return opened


GROUP = Group("first updates with several replicas", first_updates)
FIRST_UPDATES = tuple(
    Scenario(
        name=f"up-{replicas}-replicas",
        text=f"`pulumi up` from nothing, dev's settings with {replicas} replicas. They start one after the other, and"
        " share this machine.",
        a=f"{replicas} replicas",
        b="1 replica",
        group=GROUP,
        open=against_one(replicas),
        metrics=(Metric("seconds", f"first `up`, s: {replicas} replicas against 1", Goal(at_most=replicas)),),
    )
    for replicas in (4, 16)
)
