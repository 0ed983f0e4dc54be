"""What the dump before a migration adds to an update."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from benchmarks.comparison.effort import Effort
from benchmarks.comparison.figures.metric import Metric
from benchmarks.comparison.figures.row import Values
from benchmarks.comparison.scenario import Scenario, Sides
from benchmarks.comparison.sides.gateways import PAIR, Pair
from components.data.backup import DUMP
from testbed.image import derive
from testbed.project import Project

IMAGE = "gateway:images.litellm"


def dump_seconds(project: Project) -> float:
    """Return how long the last dump before a migration ran, by the engine's clock."""
    state = project.container(DUMP).attrs["State"]
    begin, end = (datetime.fromisoformat(state[key]) for key in ("StartedAt", "FinishedAt"))
    return (end - begin).total_seconds()


@contextmanager
def updates(pair: Pair, _effort: Effort) -> Iterator[Sides]:
    """Update prod's gateway to another image, whose migration is another one for the stack: it is dumped before."""
    project = pair.hardened.project
    number, last = 0, 0.0

    def whole(_label: str) -> Values:
        nonlocal number, last
        number += 1
        project.change(IMAGE, derive(project, f"bench-{number}", f"LABEL bench={number}"))
        last = project.up().seconds
        return {"seconds": last}

    def without(_label: str) -> Values:
        return {"seconds": last - dump_seconds(project)}

    with pair.only(pair.hardened):
        yield Sides(whole, without)


PRICE_OF_DUMP = Scenario(
    name="price-dump",
    text="An update to another LiteLLM image, with the data that the other scenarios left; the dump is restored and"
    " counted before the migration runs.",
    a="the whole update",
    b="the same update without the time in which the dump's job ran",
    group=PAIR,
    open=updates,
    metrics=(Metric("seconds", "update with a migration, s: with the dump before it, against without"),),
)
