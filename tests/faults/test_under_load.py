"""A few of the changes of `make faults`, each under open-loop load: none loses a request."""

from collections.abc import Iterator, Sequence

import pytest

from benchmarks.changes import CHANGES, Change
from benchmarks.faults import capacity, change_under_load
from benchmarks.finding import Finding
from benchmarks.gateway import Gateway, running
from benchmarks.overload import HEALTH_P99, overload, saturation, spare

SATURATED_SECONDS = 20
OVERLOAD_SECONDS = 20


@pytest.fixture(scope="session")
def gateway() -> Iterator[Gateway]:
    with running() as gateway:
        yield gateway


@pytest.fixture(scope="session")
def most(gateway: Gateway) -> float:
    """Requests a second that the gateway can answer."""
    return capacity(gateway)


def judge(found: Sequence[Finding]) -> None:
    """Print all, and let none be missed but how long a probe waits for a processor: that is the machine's."""
    for each in found:
        print(f"\n{each.line()}")
        assert each.ok or each.name.startswith(HEALTH_P99), each


@pytest.mark.parametrize("change", [each for each in CHANGES if each.short], ids=lambda change: change.name)
def test_no_request_fails_while_it_changes(gateway: Gateway, most: float, change: Change) -> None:
    found = change_under_load(gateway, change, most / 2)
    print(f"\n{found.line()}")
    assert found.ok


def test_an_overload_is_refused_in_time_and_leaves_health_alone(gateway: Gateway, most: float) -> None:
    spare(gateway)
    judge(overload(gateway, most, OVERLOAD_SECONDS))


def test_saturated_workers_leave_health_alone(gateway: Gateway) -> None:
    judge(saturation(gateway, SATURATED_SECONDS))
