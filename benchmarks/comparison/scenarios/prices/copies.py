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


@contextmanager
def switched(switch: Switch) -> Iterator[None]:
    """Let both sides run at the end."""
    try:
        yield
    finally:
        switch.to((*switch.a, *switch.b))


Load = Callable[[MeasuredGateway, Effort, str], Values]
"""Loads a gateway; returns what was measured."""


def asked_directly(
    variant: Variant | None, frozen: tuple[str, ...] = ()
) -> Callable[[Pair, Effort], AbstractContextManager[Sides]]:
    """Return the opener of a comparison of the gateway (a) with LiteLLM asked directly (b).

    Args:
        variant: how side b's copy of the replica differs; None: side b is the replica itself.
        frozen: parts that side b does not have.
    """

    @contextmanager
    def opened(pair: Pair, effort: Effort) -> Iterator[Sides]:
        gateway = pair.hardened
        with pair.only(gateway):
            replica = gateway.project.container(REPLICA)
            if variant is None:
                b = directly(gateway, replica)
                yield Sides(partial(completions, gateway, effort), partial(completions, b, effort))
                return
            with started(gateway, variant) as copy:
                others = of_parts(gateway.containers, frozen)
                switch, b = Switch((replica, *others), (copy,)), directly(gateway, copy)
                with switched(switch):
                    yield Sides(
                        _side(switch, switch.a, partial(completions, gateway, effort), gateway),
                        _side(switch, switch.b, partial(completions, b, effort), b),
                    )

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
            switch = Switch((same,), (other,))
            with switched(switch):
                try:
                    freezer.freeze(replica)
                    a, b = directly(gateway, same), directly(gateway, other)
                    yield Sides(
                        _side(switch, switch.a, partial(load, a, effort), a),
                        _side(switch, switch.b, partial(load, b, effort), b),
                    )
                finally:
                    freezer.resume(replica)

    return opened


def directly(gateway: MeasuredGateway, container: Container) -> MeasuredGateway:
    """Return the gateway as callers ask one container. Each request gets a connection, as from the edge."""
    return replace(gateway, proxy_url=beside.url(container), kept=False)


@contextmanager
def started(gateway: MeasuredGateway, variant: Variant) -> Iterator[Container]:
    """Run a copy of the replica."""
    with beside.created(gateway.project, variant) as copy:
        beside.start(copy)
        yield copy


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
