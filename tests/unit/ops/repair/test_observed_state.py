"""What the engine has is read as data."""

from typing import Any

import pytest

from ops.repair.observed_state import ObservedState, container_status, workload_name


def container(**state: Any) -> dict[str, Any]:
    return {"Name": "/gateway-dev-edge", "Config": {"Labels": {"gateway.workload": "edge"}}, "State": state}


@pytest.mark.parametrize(
    ("state", "status"),
    [
        ({"Status": "running"}, "running"),
        ({"Status": "running", "Health": {"Status": "starting"}}, "starting"),
        ({"Status": "exited", "Health": {"Status": "healthy"}}, "exited"),
    ],
)
def test_the_status_is_the_health_while_it_runs(state: dict[str, Any], status: str) -> None:
    assert container_status(container(**state)) == status


def test_the_workload_is_known_by_its_label() -> None:
    assert workload_name(container()) == "edge"
    assert workload_name({"Config": {"Labels": None}}) == "?"


def test_a_container_is_found_by_its_name() -> None:
    observed = ObservedState({"1": container()})
    assert observed.container_named("gateway-dev-edge") == container()
    assert observed.container_named("edge") is None
