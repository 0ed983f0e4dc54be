"""A day's work: twenty changes in a row, by Pulumi and by Compose."""

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import count
from pathlib import Path

from benchmarks.comparison.effort import Effort
from benchmarks.comparison.figures.metric import Goal, Metric, Subject
from benchmarks.comparison.figures.row import Values
from benchmarks.comparison.scenario import Group, Measure, Scenario, Sides
from benchmarks.comparison.scenarios.deployments.updates import BY_COMPOSE, BY_PULUMI
from benchmarks.comparison.sides import compose_file
from benchmarks.comparison.sides.compose import Compose
from benchmarks.comparison.sides.deployment import FIRST_VALUE, RATE, VARIABLE, Deployment, by_pulumi
from benchmarks.comparison.sides.gateways import gateway_of
from testbed.ports import free_ports

STACK = "bench-day"
CHANGES = 20


@dataclass(frozen=True)
class Both:
    """Both gateways, which run side by side at ports of their own."""

    pulumi: Deployment
    compose: Deployment


@contextmanager
def started(_effort: Effort) -> Iterator[Both]:
    """Start both; they are removed at the end, whatever became of them."""
    config = compose_file.settings()
    edge = config["gateway:edge"]
    ports = dict(zip(edge.values(), free_ports(len(edge)), strict=True))
    folder = Path(tempfile.mkdtemp(prefix=f"{STACK}-"))
    compose = Compose(folder / f"{STACK}-compose")
    compose.down()
    try:
        with gateway_of(STACK, config) as project:
            compose.write(project, ports)
            both = Both(by_pulumi(project), compose.deployment(ports[edge["proxy_port"]]))
            both.compose.start()
            yield both
    finally:
        compose.down()
        shutil.rmtree(folder)


@contextmanager
def sides(both: Both, _effort: Effort) -> Iterator[Sides]:
    """Change the line to another value each time."""

    def changes(deployment: Deployment) -> Measure:
        values = count(FIRST_VALUE + 1)

        def measure(label: str) -> Values:
            return deployment.change(label, next(values))

        return measure

    yield Sides(changes(both.pulumi), changes(both.compose))


DAY = Scenario(
    name="day",
    text=f"{CHANGES} changes of `{VARIABLE}` in a row, each as in `updates`. Both gateways run all the time.",
    a=BY_PULUMI,
    b=BY_COMPOSE,
    group=Group("two equal gateways, by Pulumi and by Compose", started),
    open=sides,
    metrics=(
        Metric("changed", f"{CHANGES} changes in a row, s", subject=Subject.TOTAL, headline=True),
        Metric(
            "failed",
            f"failed requests a change, mean of {CHANGES} in a row, at {RATE} requests/s",
            Goal(Subject.VALUE, at_most=0),
        ),
    ),
    full_rounds=CHANGES,
    series=True,
)
