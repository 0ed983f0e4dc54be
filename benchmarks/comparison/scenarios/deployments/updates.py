"""`pulumi up` against `docker compose up` of an equal file: from nothing, unchanged, with one changed line."""

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from benchmarks.comparison.effort import Effort
from benchmarks.comparison.figures.metric import Goal, Metric, Subject
from benchmarks.comparison.figures.row import Values
from benchmarks.comparison.scenario import Group, Scenario, Sides
from benchmarks.comparison.sides import compose_file
from benchmarks.comparison.sides.compose import Compose
from benchmarks.comparison.sides.deployment import (
    FIRST_VALUE,
    RATE,
    SETTING,
    VARIABLE,
    Deployment,
    by_pulumi,
    seconds,
)
from testbed.engine_lock import exclusive, remove
from testbed.project import Project

STACK = "bench-update"
OTHER_VALUE = 80


class Updates:
    """Both sides. Only one exists at a time, and they use the same host ports."""

    def __init__(self, folder: Path) -> None:
        """Make the project's copy, and room for the compose.yaml."""
        config = compose_file.settings()
        (folder / "project").mkdir()
        self.project = Project(folder / "project", STACK, config)
        self.port = config["gateway:edge"]["proxy_port"]
        self.compose = Compose(folder / f"{STACK}-compose")

    def by_pulumi(self, label: str) -> Values:
        """Measure Pulumi; leave a compose.yaml that is equal to what it deployed."""
        self.project.change(SETTING, FIRST_VALUE)
        found = measure(by_pulumi(self.project), label)
        if not self.compose.file.exists():
            self.compose.write(self.project)
        self.project.must("destroy", "--yes", "--skip-preview")
        return found

    def by_compose(self, label: str) -> Values:
        """Measure Compose."""
        try:
            return measure(self.compose.deployment(self.port), label)
        finally:
            self.compose.down()


def measure(deployment: Deployment, label: str) -> Values:
    """Start a gateway from nothing, run the tool again, change a line under load."""
    first = seconds(deployment.start)
    again = seconds(deployment.up)
    return {"first": first, "again": again, **deployment.change(label, OTHER_VALUE)}


@contextmanager
def opened(_effort: Effort) -> Iterator[Updates]:
    """Make both sides ready; whatever is left of them is removed at the end."""
    folder = Path(tempfile.mkdtemp(prefix=f"{STACK}-"))
    try:
        with exclusive(STACK):
            updates = Updates(folder)
            updates.compose.down()
            try:
                yield updates
            finally:
                updates.compose.down()
                if updates.project.pulumi("destroy", "--yes", "--skip-preview", "--refresh").exit_code:
                    remove(STACK)
    finally:
        shutil.rmtree(folder)


@contextmanager
def sides(updates: Updates, _effort: Effort) -> Iterator[Sides]:
    """Measure Pulumi first: the compose.yaml is made of what it deploys."""
    yield Sides(updates.by_pulumi, updates.by_compose)


BY_PULUMI, BY_COMPOSE = "`pulumi up`", "`docker compose up --detach` of an equal file"
UPDATES = Scenario(
    name="updates",
    text=f"prod's settings without monitoring, in one replica. The changed line is `{VARIABLE}`; {RATE} requests/s"
    " arrive meanwhile, and it ends when the command has ended and a completion is answered. Compose runs the migration"
    " again at each `up`, as it starts each service that has ended.",
    a=BY_PULUMI,
    b=BY_COMPOSE,
    group=Group("an equal gateway by Pulumi and by Compose", opened),
    open=sides,
    metrics=(
        Metric("first", "from nothing to the first answer, s", Goal(at_most=1.15), headline=True),
        Metric("again", "run without a change, s", Goal(Subject.VALUE, at_most=5), headline=True),
        Metric("changed", "one changed line, until it is served everywhere, s", Goal(at_most=1), headline=True),
        Metric("failed", f"failed requests while a line changes, at {RATE} requests/s", Goal(Subject.VALUE, at_most=0),
               headline=True),
    ),
)  # fmt: skip
