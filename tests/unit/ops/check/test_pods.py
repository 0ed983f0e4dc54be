"""Every pod of a stack is a row, and so is each that a part lacks."""

from typing import Any

from components.engine.engine import EngineKind
from ops.check.health import PROBES
from ops.check.pods import pod_health, pods_health
from ops.check.probe import HealthState
from tests.unit.ops.gateways import stack_settings


def pod(part: str, *, ready: bool = True, **container: Any) -> dict[str, Any]:
    return {
        "metadata": {"name": f"{part}-x"},
        "status": {
            "phase": "Running",
            "conditions": [{"type": "Ready", "status": str(ready)}],
            "containerStatuses": [container] if container else [],
        },
    }


def test_each_engine_is_probed() -> None:
    assert PROBES.keys() == set(EngineKind)


def test_part_that_lacks_a_pod_is_missing() -> None:
    found = pods_health(
        stack_settings("cluster"), {"litellm": [pod("litellm")] * 2, "migration": [pod("migration")]}, "blue"
    )
    states = [part.state for part in found if part.part == "litellm"]
    assert states == [HealthState.HEALTHY, HealthState.HEALTHY, HealthState.MISSING]
    assert not [part for part in found if part.part == "migration"]
    assert {part.state for part in found if part.part == "postgres"} == {HealthState.MISSING}


def test_more_pods_than_wanted_are_all_shown() -> None:
    found = pods_health(stack_settings("cluster"), {"redis": [pod("redis"), pod("redis", ready=False)]}, "blue")
    assert [part.state for part in found if part.part == "redis"] == [HealthState.HEALTHY, HealthState.UNHEALTHY]


def test_pod_that_does_not_start_says_why() -> None:
    waiting = {"waiting": {"reason": "ImagePullBackOff", "message": "not found"}}
    assert pod_health("edge", pod("edge", ready=False, state=waiting)).detail == "ImagePullBackOff: not found"
    assert pod_health("edge", pod("edge", ready=False)).detail == "Running, its check fails"
    restarted = pod_health("edge", pod("edge", restartCount=2))
    assert (restarted.state, restarted.detail) == (HealthState.HEALTHY, "restarted 2 times")


def test_pod_without_a_node_says_why() -> None:
    pending = pod("edge", ready=False)
    pending["status"]["conditions"].append({"type": "PodScheduled", "status": "False", "message": "0/3 nodes fit"})
    assert pod_health("edge", pending).detail == "0/3 nodes fit"
