"""Some scenarios of `make faults`, each under open-loop load: no request is lost."""

from collections.abc import Iterator

import pytest

from benchmarks.faults import capacity, run_under_load
from benchmarks.gateway import BenchmarkGateway, started
from benchmarks.overload import HEALTH_GOAL_MS, HEALTH_P99, overload
from benchmarks.scenarios import SCENARIOS, Scenario

BUSY_SECONDS, OVERLOAD_SECONDS = 20, 20
NOISY = 4
"""How many times the goal of health may be missed: 800 probes are few for a p99, and other processes run."""


@pytest.fixture(scope="module")
def gateway() -> Iterator[BenchmarkGateway]:
    """The running gateway."""
    with started() as gateway:
        yield gateway


@pytest.fixture(scope="module")
def most(gateway: BenchmarkGateway) -> float:
    """Requests a second that the gateway can answer."""
    return capacity(gateway)


@pytest.mark.parametrize("scenario", [each for each in SCENARIOS if each.short], ids=lambda scenario: scenario.name)
def test_no_request_fails_under_load(gateway: BenchmarkGateway, most: float, scenario: Scenario) -> None:
    result = run_under_load(gateway, scenario, most / 2)
    print(f"\n{result.line()}")
    assert result.ok


def test_health_stays_quick_and_an_overload_is_refused_in_time(gateway: BenchmarkGateway, most: float) -> None:
    for each in overload(gateway, most, BUSY_SECONDS, OVERLOAD_SECONDS):
        print(f"\n{each.line()}")
        assert each.ok or (each.name == HEALTH_P99 and each.value <= NOISY * HEALTH_GOAL_MS), each
