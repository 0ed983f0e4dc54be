"""What a failed update prints of a workload."""

from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("kubernetes", reason="needs requirements-kubernetes.txt")

from components.engine.kubernetes.cluster.client import Cluster
from components.engine.kubernetes.pod_report import event_lines, state, workload_of, workload_report
from tests.unit.components.engine.kubernetes.cluster.api import serving

PODS = "/api/v1/namespaces/gateway-prod/pods"


def pod(name: str, created: str, **status: Any) -> dict[str, Any]:
    return {
        "metadata": {"name": name, "creationTimestamp": created},
        "spec": {"containers": [{"name": "litellm"}]},
        "status": {"phase": "Running", **status},
    }


def event(name: str, message: str, *, at: str = "2026-01-01T00:00:00Z", kind: str = "Warning") -> dict[str, Any]:
    return {
        "type": kind,
        "reason": "Failed",
        "message": message,
        "lastTimestamp": at,
        "involvedObject": {"name": name},
    }


WAITING = {
    "containerStatuses": [
        {
            "name": "litellm",
            "restartCount": 2,
            "state": {"waiting": {"reason": "CrashLoopBackOff", "message": "back-off 20s"}},
            "lastState": {"terminated": {"exitCode": 3, "reason": "Error"}},
        }
    ]
}


def test_report_shows_the_newest_pod_s_state_log_and_events(tmp_path: Path) -> None:
    asked: list[tuple[str, str, Any]] = []
    answers = {
        PODS: {"items": [pod("litellm-a-1", "2026-01-01"), pod("litellm-b-2", "2026-01-02", **WAITING)]},
        f"{PODS}/litellm-b-2/log": 'starting\n{"level": "ERROR", "message": "no such model"}\n',
        "/api/v1/namespaces/gateway-prod/events": {"items": [event("litellm-b-2", "Back-off restarting")]},
    }
    with serving(tmp_path, answers, asked) as settings:
        report = workload_report(Cluster(settings), "prod", "gateway-prod", "litellm")
    assert report.splitlines() == [
        "litellm-b-2: Running, CrashLoopBackOff: back-off 20s, exit code 3 (Error), restarted 2 times",
        "last log lines:",
        "  starting",
        "  ERROR no such model",
        "events:",
        "  Failed: Back-off restarting",
    ]
    selector = "labelSelector=app.kubernetes.io/instance%3Dprod%2Capp.kubernetes.io/name%3Dlitellm"
    assert (PODS, selector, None) in asked


def test_log_that_may_not_be_read_says_so(tmp_path: Path) -> None:
    answers = {PODS: {"items": [pod("litellm-a-1", "2026")]}, f"{PODS}/litellm-a-1/log": 403}
    with serving(tmp_path, answers) as settings:
        report = workload_report(Cluster(settings), "prod", "gateway-prod", "litellm")
    assert report.splitlines() == ["litellm-a-1: Running", "last log lines:", f"  no {PODS}/litellm-a-1/log"]


def test_pod_that_was_never_created_is_explained_by_events(tmp_path: Path) -> None:
    answers = {
        PODS: {"items": []},
        "/api/v1/namespaces/gateway-prod/events": {"items": [event("litellm-7d", "exceeded quota: team")]},
    }
    with serving(tmp_path, answers) as settings:
        report = workload_report(Cluster(settings), "prod", "gateway-prod", "litellm")
    assert report.splitlines() == ["litellm: no pod was created", "events:", "  Failed: exceeded quota: team"]


def test_pod_without_a_node_says_why() -> None:
    message = "0/3 nodes are available: 3 Insufficient memory."
    conditions = [{"type": "PodScheduled", "status": "False", "message": message}]
    assert (
        state(pod("litellm-a-1", "2026", phase="Pending", conditions=conditions)) == f"litellm-a-1: Pending, {message}"
    )


def test_failed_job_has_its_exit_code() -> None:
    ended = {"phase": "Failed", "containerStatuses": [{"state": {"terminated": {"exitCode": 1, "reason": "Error"}}}]}
    assert state(pod("migration-x", "2026", **ended)) == "migration-x: Failed, exit code 1 (Error)"


def test_events_are_the_last_warnings_of_the_workload_once_each() -> None:
    events = [
        event("litellm-a", "second", at="2026-01-02"),
        event("litellm-a", "first", at="2026-01-01"),
        event("litellm-b", "second", at="2026-01-03"),
        event("edge-a", "another's"),
        event("litellm-a", "started", kind="Normal"),
    ]
    assert event_lines(events, "litellm") == ["Failed: first", "Failed: second"]
    many = [event("litellm-a", str(number), at=f"2026-01-{number:02}") for number in range(1, 9)]
    assert event_lines(many, "litellm") == [f"Failed: {number}" for number in range(4, 9)]


@pytest.mark.parametrize(
    ("name", "belongs"),
    [("redis", True), ("redis-0", True), ("gateway-prod-redis-ab12", True), ("redisx", False), ("my-redis", False)],
)
def test_what_belongs_to_a_workload_is_told_by_its_name(name: str, *, belongs: bool) -> None:
    assert workload_of(name, "redis") is belongs
