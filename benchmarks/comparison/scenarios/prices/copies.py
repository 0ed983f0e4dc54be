"""A replica and copies of it, compared: the side that is not measured is frozen."""

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
from testbed.container import ingress_url


@dataclass(frozen=True)
class Switch:
    """Lets one side run and freezes the other."""

    a: tuple[Container, ...]
    """What runs only on side a."""
    b: tuple[Container, ...]
    """What runs only on side b."""

    def to(self, running: tuple[Container, ...]) -> None:
        """Freeze what is of the other side alone."""
        for container in (*self.a, *self.b):
            (freezer.resume if container in running else freezer.freeze)(container)


Load = Callable[[MeasuredGateway, Effort, str], Values]
"""Loads a gateway; returns what was measured."""


@contextmanager
def without_edge(pair: Pair, effort: Effort) -> Iterator[Sides]:
    """Compare the gateway (a) with its replica asked directly (b)."""
    gateway = pair.hardened
    with pair.only(gateway):
        a, b = by_ingress(gateway), directly(gateway, gateway.project.container(REPLICA))
        yield Sides(partial(completions, a, effort), partial(completions, b, effort))


def beside_gateway(
    variant: Variant, frozen: tuple[str, ...]
) -> Callable[[Pair, Effort], AbstractContextManager[Sides]]:
    """Return the opener of a comparison of the gateway (a) with a changed copy of its replica, asked directly (b).

    Replica and copy are equally old.

    Args:
        variant: how the copy differs.
        frozen: parts that side b does not have.
    """

    @contextmanager
    def opened(pair: Pair, effort: Effort) -> Iterator[Sides]:
        gateway = pair.hardened
        gateway.restart()
        with pair.only(gateway), started(gateway, variant) as copy:
            a, b = by_ingress(gateway), directly(gateway, copy)
            only_a = (gateway.project.container(REPLICA), *of_parts(gateway.containers, frozen))
            with in_turn(Switch(only_a, (copy,)), a, b, completions, effort) as sides:
                yield sides

    return opened


def changed(variant: Variant, load: Load) -> Callable[[Pair, Effort], AbstractContextManager[Sides]]:
    """Return the opener of a comparison of two copies of the replica, one as it is (a), the other changed (b).

    The replica itself would be no equal side: it is older, and edge and Prometheus ask it.
    """

    @contextmanager
    def opened(pair: Pair, effort: Effort) -> Iterator[Sides]:
        gateway = pair.hardened
        with pair.only(gateway), started(gateway, Variant()) as same, started(gateway, variant) as other:
            replica = gateway.project.container(REPLICA)
            a, b = directly(gateway, same), directly(gateway, other)
            try:
                freezer.freeze(replica)
                with in_turn(Switch((same,), (other,)), a, b, load, effort) as sides:
                    yield sides
            finally:
                freezer.resume(replica)

    return opened


def by_ingress(gateway: MeasuredGateway) -> MeasuredGateway:
    """Return the gateway as callers on its network ask it: Docker's proxy of host ports is no part of it."""
    return replace(gateway, proxy_url=ingress_url(gateway.project))


def directly(gateway: MeasuredGateway, container: Container) -> MeasuredGateway:
    """Return the gateway as callers ask one container. Each request gets a connection, as from the edge."""
    return replace(gateway, proxy_url=beside.url(container), kept=False)


@contextmanager
def started(gateway: MeasuredGateway, variant: Variant) -> Iterator[Container]:
    """Run a copy of the replica."""
    with beside.created(gateway.project, variant) as copy:
        beside.start(copy)
        yield copy


@contextmanager
def in_turn(switch: Switch, a: MeasuredGateway, b: MeasuredGateway, load: Load, effort: Effort) -> Iterator[Sides]:
    """Load one side while what runs only on the other one is frozen; at the end both run."""

    def side(running: tuple[Container, ...], gateway: MeasuredGateway) -> Measure:
        def measure(label: str) -> Values:
            switch.to(running)
            gateway.wait_until_it_answers()
            return load(gateway, effort, label)

        return measure

    try:
        yield Sides(side(switch.a, a), side(switch.b, b))
    finally:
        switch.to((*switch.a, *switch.b))


def cost(name: str, without: str, goals: tuple[Goal | None, Goal | None, Goal | None] = (None, None, None),
         *, headline: bool = False) -> tuple[Metric, ...]:  # fmt: skip
    """Return the rows of a price: rate, latency and processor time, with and without."""
    return (
        Metric("rate", f"{name}: requests/s, against {without}", goals[0], headline=headline),
        Metric("whole_p99", f"{name}: p99, ms, against {without}", goals[1], headline=headline),
        Metric("processor_all", f"{name}: processor seconds per 1,000 requests, against {without}", goals[2],
               headline=headline),
    )  # fmt: skip
