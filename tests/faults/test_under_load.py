"""A few of the changes of `make faults`, each under open-loop load: none loses a request."""

from collections.abc import Iterator

import pytest

from benchmarks.changes import CHANGES, Change
from benchmarks.faults import capacity, change_under_load
from benchmarks.gateway import Gateway, running
from benchmarks.overload import HEALTH_GOAL_MS, HEALTH_P99, overload

BUSY_SECONDS, OVERLOAD_SECONDS = 20, 20
NOISY = 4
"""How far a short measurement may miss health's goal."""


@pytest.fixture(scope="session")
def gateway() -> Iterator[Gateway]:
    with running() as gateway:
        yield gateway


@pytest.fixture(scope="session")
def most(gateway: Gateway) -> float:
    """Requests a second that the gateway can answer."""
    return capacity(gateway)


@pytest.mark.parametrize("change", [each for each in CHANGES if each.short], ids=lambda change: change.name)
def test_no_request_fails_while_it_changes(gateway: Gateway, most: float, change: Change) -> None:
    found = change_under_load(gateway, change, most / 2)
    print(f"\n{found.line()}")
    assert found.ok


def test_health_stays_quick_while_workers_are_saturated_and_an_overload_is_refused_in_time(
    gateway: Gateway, most: float
) -> None:
    for each in overload(gateway, most, BUSY_SECONDS, OVERLOAD_SECONDS):
        print(f"\n{each.line()}")
        # Some 800 probes are few for a p99, and a neighbour of this machine takes processors too.
        assert each.ok or (each.name == HEALTH_P99 and each.value <= NOISY * HEALTH_GOAL_MS), each
