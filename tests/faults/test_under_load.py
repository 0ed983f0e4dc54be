"""A few of the changes of `make faults`, each under open-loop load: none loses a request."""

from collections.abc import Iterator

import pytest

from benchmarks.changes import CHANGES, Change
from benchmarks.faults import capacity, change_under_load
from benchmarks.gateway import Gateway, running
from benchmarks.overload import HEALTH_P99, overload, saturation

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


@pytest.mark.parametrize("change", [each for each in CHANGES if each.short], ids=lambda change: change.name)
def test_no_request_fails_while_it_changes(gateway: Gateway, most: float, change: Change) -> None:
    found = change_under_load(gateway, change, most / 2)
    print(f"\n{found.line()}")
    assert found.ok


def test_an_overload_is_refused_in_time_and_leaves_health_alone(gateway: Gateway, most: float) -> None:
    for found in overload(gateway, most, OVERLOAD_SECONDS):
        print(f"\n{found.line()}")
        assert found.ok, found


def test_saturated_workers_fail_no_request_and_leave_health_alone(gateway: Gateway) -> None:
    for found in saturation(gateway, SATURATED_SECONDS):
        print(f"\n{found.line()}")
        # How long a probe waits for a processor is the machine's: shown, not judged.
        assert found.ok or found.name == HEALTH_P99, found
