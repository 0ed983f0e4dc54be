"""How long `up` takes for more replicas, from nothing."""

import tempfile
from contextlib import nullcontext
from pathlib import Path

from benchmarks.comparison.figures.metric import Goal, Metric
from benchmarks.comparison.figures.row import Values
from benchmarks.comparison.scenario import Group, Scenario
from benchmarks.comparison.scenarios.program import Size, configuration, sizes
from testbed.gateway import removed_at_end
from testbed.project import Project

STACK = "bench-replicas"


class FirstUpdates:
    """Creates stacks, and removes each before the next."""

    def seconds(self, size: Size) -> Values:
        """Create a stack of this size; return the seconds until `up` ended."""
        with tempfile.TemporaryDirectory(prefix=f"{STACK}-") as folder:
            project = Project(Path(folder), STACK, configuration(size))
            with removed_at_end(project):
                return {"seconds": project.up().seconds}


GROUP = Group("first updates with several replicas", lambda _: nullcontext(FirstUpdates()))
FIRST_UPDATES = tuple(
    Scenario(
        name=f"up-{replicas}-replicas",
        text=f"`pulumi up` from nothing, dev's settings with {replicas} replicas. They start one after the other, and"
        " share this machine.",
        a=f"{replicas} replicas",
        b="1 replica",
        group=GROUP,
        open=sizes(Size(replicas=replicas), Size()),
        metrics=(Metric("seconds", f"first `up`, s: {replicas} replicas against 1", Goal(at_most=replicas)),),
    )
    for replicas in (4, 16)
)
