"""Each issue has an action, in an order that loses nothing."""

from dataclasses import replace
from typing import Any

import pytest

from components.engine.ownership import EngineObject, ObjectKind
from ops.repair import repair_plan
from ops.repair.drift import Drift
from ops.repair.observed_state import ObservedState
from ops.repair.repair_plan import RepairAction, find_issues, orphans
from ops.stack.backend.state_lock import StateLock
from ops.stack.state import CONTAINER, NETWORK, VOLUME, recorded_resources

STALE = StateLock(2**22 + 1, "ann", "host", "2030-01-01T00:00:00Z")


def resource(name: str, id_: str, *, kind: str = CONTAINER, leaving: bool = False, **inputs: Any) -> dict[str, Any]:
    return {"urn": f"u::{name}", "type": kind, "id": id_, "delete": leaving, "inputs": {"name": f"n-{name}", **inputs}}


def container(workload: str, name: str, status: str = "running") -> dict[str, Any]:
    labels = {"gateway.stack": "dev", "gateway.workload": workload}
    return {"Name": f"/{name}", "Image": "", "Config": {"Labels": labels}, "State": {"Status": status}}


def found(resources: list[dict[str, Any]], containers: dict[str, Any], **more: Any) -> list[tuple[str, RepairAction]]:
    observed = ObservedState(containers, **more)
    issues = find_issues([], [], recorded_resources({"resources": resources}), observed)
    return [(issue.what, issue.action) for issue in issues]


@pytest.fixture(autouse=True)
def nothing_changed_by_hand(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(repair_plan, "changed_properties", lambda *_: [])


def test_a_change_that_pulumi_does_not_see_is_replaced(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    changed = [
        Drift("redis", "memory MiB", "512", "300"),
        Drift("redis", "environment A", "unset", "another value"),
        Drift("redis", "label mine", "none", "yes"),
        Drift("redis", "/etc/gateway/redis.conf", "as Pulumi wrote it", "another text"),
    ]
    monkeypatch.setattr(repair_plan, "changed_properties", lambda *_: changed)
    resources = recorded_resources({"resources": [resource("redis", "1")]})
    issues = find_issues([], [], resources, ObservedState({"1": container("redis", "gateway-dev-redis")}))
    assert [(issue.what, issue.action, issue.urn) for issue in issues] == [
        ("redis: memory MiB is 300, not 512", RepairAction.UPDATE, ""),
        ("redis: environment A is another value, not unset", RepairAction.REPLACE, "u::redis"),
        ("redis: label mine is yes, not none", RepairAction.REPLACE, "u::redis"),
        ("redis: /etc/gateway/redis.conf is another text, not as Pulumi wrote it", RepairAction.REPLACE, "u::redis"),
    ]


def test_a_stack_in_order_has_no_issue() -> None:
    assert found([resource("edge", "1")], {"1": container("edge", "gateway-dev-edge")}) == []


def test_issues_come_in_the_order_of_their_actions() -> None:
    resources = [
        resource("litellm-1", "gone"),
        resource("provider", "stopped"),
        resource("litellm-config", "old", leaving=True),
    ]
    containers = {
        "stopped": container("provider", "gateway-dev-provider-0a1b2", "exited"),
        "old": container("litellm-config", "gateway-dev-litellm-config-0a1b2", "created"),
        "beside": container("litellm-1", "gateway-dev-litellm-1-0a1b2"),
        "exclusive": container("postgres", "gateway-dev-postgres"),
        "mine": container("postgres", "my-own-postgres"),
    }
    state = recorded_resources({"resources": resources})
    issues = find_issues([STALE], ["creating litellm-1"], state, ObservedState(containers, free_gib=0.5))
    assert [(issue.what, issue.action) for issue in issues] == [
        ("disk nearly full: 0.5 GiB free, 2 needed", RepairAction.FREE_DISK),
        (f"locked by {STALE}, which has ended", RepairAction.UNLOCK),
        ("provider is exited", RepairAction.START),
        ("interrupted: creating litellm-1", RepairAction.REFRESH),
        ("gateway-dev-postgres (running) is not in the state", RepairAction.REMOVE_FIRST),
        ("litellm-1 is missing", RepairAction.UPDATE),
        ("litellm-config: its predecessor still exists", RepairAction.UPDATE),
        ("gateway-dev-litellm-1-0a1b2 (running) is not in the state", RepairAction.REMOVE_LAST),
        ("my-own-postgres (running) is not in the state", RepairAction.NONE),
    ]


@pytest.mark.parametrize(
    ("status", "health", "action"),
    [
        ("running", "starting", RepairAction.REMOVE_LAST),
        ("running", "healthy", RepairAction.REMOVE_SPARE),
        ("exited", "", RepairAction.REMOVE_SPARE),
    ],
    ids=["the only one", "beside one that serves", "it does not run"],
)
def test_an_orphan_stays_until_its_successor_serves_only_if_nothing_else_does(
    status: str, health: str, action: RepairAction
) -> None:
    in_state, orphan = (
        container("litellm-1", "gateway-dev-litellm-1-a"),
        container("litellm-1", "gateway-dev-litellm-1-0a1b2", status),
    )
    in_state["State"]["Health"] = {"Status": health}
    state = recorded_resources({"resources": [resource("litellm-1", "1")]})
    assert [issue.action for issue in orphans(state, ObservedState({"1": in_state, "2": orphan}))] == [action]


def test_a_container_that_pulumi_did_not_create_is_left_alone() -> None:
    containers = {
        "1": container("litellm-1", "gateway-dev-litellm-1-backup"),
        "2": container("litellm-1", "gateway-prod-litellm-1-0a1b2"),
        "3": {"Name": "/gateway-dev-postgres", "Config": {"Labels": None}, "State": {"Status": "running"}},
    }
    assert {issue.action for issue in orphans([], ObservedState(containers))} == {RepairAction.NONE}


def test_one_shots_and_data_containers_that_do_not_run_are_in_order() -> None:
    resources = [resource("migration", "1", mustRun=False), resource("edge-config", "2", start=False)]
    containers = {"1": container("migration", "m", "exited"), "2": container("edge-config", "e", "created")}
    assert found(resources, containers) == []


def test_what_the_engine_removed_and_nothing_needs_is_in_order() -> None:
    resources = [resource("migration", "1", mustRun=False), resource("edge-config", "2", start=False)]
    assert found(resources, {}) == []


@pytest.mark.parametrize(
    ("reader", "missing"),
    [
        ({"mustRun": False}, []),
        ({"mustRun": True}, [("the volume migration-secrets and its data are missing", RepairAction.UPDATE)]),
    ],
    ids=["a one-shot that has ended", "a service"],
)
def test_a_volume_of_files_is_needed_as_long_as_its_reader(
    reader: dict[str, Any], missing: list[tuple[str, RepairAction]]
) -> None:
    mounts: dict[str, Any] = {"volumes": [{"volumeName": "v", "containerPath": "/run/secrets"}]}
    resources = [
        resource("migration-secrets", "v", kind=VOLUME),
        resource("migration-secrets", "gone", start=False, **mounts),
        resource("migration", "1", **reader, **mounts),
    ]
    assert found(resources, {"1": container("migration", "m")}) == missing


def test_a_failed_one_shot_that_the_engine_removed_runs_again() -> None:
    failed = resource("migration", "1", mustRun=False) | {"outputs": {"exitCode": 1}}
    assert found([failed], {}) == [("migration is missing", RepairAction.UPDATE)]


def test_a_changed_file_is_written_into_another_volume(monkeypatch: pytest.MonkeyPatch) -> None:
    drift = Drift("web-config", "/etc/gateway/web.conf", "as Pulumi wrote it", "another text")
    monkeypatch.setattr(repair_plan, "changed_properties", lambda each, _: [drift] if each.type == CONTAINER else [])
    kinds = (CONTAINER, VOLUME)
    resources = [{"urn": f"u::{kind}::web-config", "type": kind, "id": "v", "inputs": {}} for kind in kinds]
    observed = ObservedState({"v": container("web-config", "w")}, volumes=frozenset({"v"}))
    issues = find_issues([], [], recorded_resources({"resources": resources}), observed)
    assert [issue.urn for issue in issues] == [f"u::{VOLUME}::web-config"]


def test_a_missing_volume_takes_its_data_along() -> None:
    resources = [
        resource("postgres-data", "v", kind="docker:index/volume:Volume"),
        resource("data-network", "n", kind="docker:index/network:Network"),
    ]
    assert found(resources, {}) == [
        ("the volume postgres-data and its data are missing", RepairAction.UPDATE),
        ("data-network is missing", RepairAction.UPDATE),
    ]
    assert found(resources, {}, volumes=frozenset({"v"}), networks=frozenset({"n"})) == []


@pytest.mark.parametrize("free", [None, 2.0, 100.0])
def test_enough_disk_or_one_elsewhere_is_no_issue(free: float | None) -> None:
    assert find_issues([], [], [], ObservedState({}, free_gib=free)) == []


def orphan(resource_name: str, kind: ObjectKind = ObjectKind.VOLUME) -> EngineObject:
    name = f"gateway-dev-{resource_name}-0a1b2"
    return EngineObject(kind, name, name, "0" * 16)


@pytest.mark.parametrize(
    ("object_", "action"),
    [
        (orphan("front-network", ObjectKind.NETWORK), RepairAction.REMOVE_LAST),
        (orphan("data-network", ObjectKind.NETWORK), RepairAction.IMPORT),
        (orphan("identity"), RepairAction.REMOVE_LAST),
        (orphan("postgres-data"), RepairAction.KEEP),
        (orphan("backups"), RepairAction.IMPORT),
        (orphan("mine"), RepairAction.KEEP),
        (replace(orphan("litellm-config"), workload="litellm-config"), RepairAction.REMOVE_LAST),
    ],
    ids=lambda each: each.name,
)
def test_orphans_are_removed_whole_and_data_stay(object_: EngineObject, action: RepairAction) -> None:
    """The state has its front network and its postgres volume; it lacks the other network and the dumps."""
    resources = [resource("front-network", "1", kind=NETWORK), resource("postgres-data", "2", kind=VOLUME)]
    observed = ObservedState({}, orphans=(object_,), stack="dev")
    (issue,) = orphans(recorded_resources({"resources": resources}), observed)
    assert (issue.what, issue.action, issue.object_) == (
        f"the {object_.kind} {object_.name} is not in the state",
        action,
        object_,
    )


def test_parts_of_another_stack_are_no_issue() -> None:
    object_ = orphan("postgres-data")
    assert orphans([], ObservedState({}, foreign=(object_,), objects=(object_,), stack="dev")) == []
