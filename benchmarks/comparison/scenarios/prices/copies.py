"""A replica of the gateway against a copy of it: the side that is not measured is frozen."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, replace
from functools import partial

from docker.models.containers import Container

from benchmarks.comparison.effort import Effort
from benchmarks.comparison.figures.metric import Goal, Metric
from benchmarks.comparison.figures.row import Values
from benchmarks.comparison.scenario import Measure, Sides
from benchmarks.comparison.scenarios.promises.load import completions
from benchmarks.comparison.sides import beside, freezer
from benchmarks.comparison.sides.beside import REPLICA, Variant
from benchmarks.comparison.sides.gateways import MeasuredGateway, Pair
from benchmarks.comparison.sides.usage import of_parts


@dataclass(frozen=True)
class Switch:
    """Lets one side run and freezes the other."""

    replica: tuple[Container, ...]
    """What runs only on side a."""
    copy: tuple[Container, ...]
    """What runs only on side b."""

    def to(self, running: tuple[Container, ...]) -> None:
        """Freeze what is of the other side alone."""
        for container in (*self.replica, *self.copy):
            (freezer.resume if container in running else freezer.freeze)(container)


Load = Callable[[MeasuredGateway, Effort, str], Values]
"""Loads a gateway; returns what was measured."""


def compared(
    variant: Variant | None, *, through_edge: bool = True, frozen: tuple[str, ...] = (), load: Load = completions
) -> Callable[[Pair, Effort], AbstractContextManager[Sides]]:
    """Return the opener of a comparison of the gateway's replica (a) with a copy of it (b).

    Args:
        variant: how the copy differs; None: side b is the replica itself, without the edge.
        through_edge: whether side a is asked through the edge. Side b never is: each of its requests has a connection
            of its own, as with the edge.
        frozen: parts that side b does not have.
        load: what both are measured under.
    """

    @contextmanager
    def opened(pair: Pair, effort: Effort) -> Iterator[Sides]:
        gateway = pair.hardened
        with pair.only(gateway):
            replica = gateway.project.container(REPLICA)
            direct = replace(gateway, proxy_url=beside.url(replica), kept=False)
            a = gateway if through_edge else direct
            if variant is None:
                yield Sides(partial(load, a, effort), partial(load, direct, effort))
                return
            with beside.created(gateway.project, variant) as copy:
                beside.start(copy)
                others = of_parts(gateway.containers, frozen)
                switch = Switch((replica, *others), (copy,))
                b = replace(direct, proxy_url=beside.url(copy))
                try:
                    yield Sides(
                        _side(switch, switch.replica, partial(load, a, effort), a),
                        _side(switch, switch.copy, partial(load, b, effort), b),
                    )
                finally:
                    switch.to((*switch.replica, *switch.copy))

    return opened


def _side(switch: Switch, running: tuple[Container, ...], load: Measure, gateway: MeasuredGateway) -> Measure:
    def measure(label: str) -> Values:
        switch.to(running)
        gateway.wait_until_it_answers()
        return load(label)

    return measure


def cost(name: str, without: str, goals: tuple[Goal | None, Goal | None, Goal | None] = (None, None, None),
         *, headline: bool = False) -> tuple[Metric, ...]:  # fmt: skip
    """Return the rows of a price: rate, latency and processor time, with and without."""
    return (
        Metric("rate", f"{name}: requests/s, against {without}", goals[0], headline=headline),
        Metric("whole_p99", f"{name}: p99, ms, against {without}", goals[1], headline=headline),
        Metric("processor_all", f"{name}: processor seconds per 1,000 requests, against {without}", goals[2],
               headline=headline),
    )  # fmt: skip
