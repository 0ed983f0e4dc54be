"""What each guarantee costs, each alone."""

from collections.abc import Iterator
from contextlib import contextmanager

from benchmarks.comparison.effort import Effort
from benchmarks.comparison.figures.metric import Metric
from benchmarks.comparison.figures.row import Values
from benchmarks.comparison.scenario import Measure, Scenario, Sides
from benchmarks.comparison.scenarios.prices.copies import cost, without_edge
from benchmarks.comparison.sides import beside
from benchmarks.comparison.sides.beside import Variant
from benchmarks.comparison.sides.gateways import PAIR, Pair


@contextmanager
def starts(pair: Pair, _effort: Effort) -> Iterator[Sides]:
    """Start copies of the replica: one with its secrets as files, as it is, one with them in its environment."""

    def seconds(variant: Variant) -> Measure:
        def measure(_label: str) -> Values:
            with pair.only(pair.hardened), beside.created(pair.hardened.project, variant) as copy:
                return {"seconds": beside.start(copy)}

        return measure

    # `.` of the file is left out: the variables are there already.
    other = Variant(
        command=lambda command: command.replace(". /run/secrets/environment && ", ""), secrets_in_environment=True
    )
    yield Sides(seconds(Variant()), seconds(other))


PRICES = (
    Scenario(
        name="price-edge",
        text="What the edge costs, under the load of `load`. The replica that is asked directly gets a connection for"
        " each request, as from the edge. Both are asked on their network, without Docker's proxy of host ports.",
        a="prod's replica as it is",
        b="the same, asked directly",
        group=PAIR,
        open=without_edge,
        metrics=cost("the edge", "the replica asked directly"),
    ),
    Scenario(
        name="price-secrets",
        text="What secrets as files cost: the start of a replica, until it is ready.",
        a="secrets as files",
        b="secrets as environment variables",
        group=PAIR,
        open=starts,
        metrics=(Metric("seconds", "start of a replica, s: secrets as files, against environment variables"),),
    ),
)
"""What monitoring and the buffer in Redis cost is in `setting-monitoring` and `setting-buffer`."""
