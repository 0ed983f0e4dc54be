"""What is wrong is said, and cured in an order that loses nothing."""

from contextlib import contextmanager
from types import SimpleNamespace
from typing import Any

import pytest

from components.images.built import built_reference
from ops.errors import Failure
from ops.repair import recover
from ops.repair import repair_plan as diagnosis
from ops.repair.drift import Drift
from ops.repair.observed_state import View
from ops.repair.recorded_state import recorded
from ops.repair.recover import is_spare
from ops.repair.repair_plan import Cure, Fault, diagnose, orphans
from ops.stack.lock import Lock
from tests.unit.ops.steps import CONTAINER

STALE = Lock(2**22 + 1, "ann", "host", "2030-01-01T00:00:00Z")


def resource(name: str, id_: str, *, kind: str = CONTAINER, leaving: bool = False, **inputs: Any) -> dict[str, Any]:
    return {"urn": f"u::{name}", "type": kind, "id": id_, "delete": leaving, "inputs": {"name": f"n-{name}", **inputs}}


def container(workload: str, name: str, status: str = "running") -> dict[str, Any]:
    labels = {"gateway.stack": "dev", "gateway.workload": workload}
    return {"Name": f"/{name}", "Image": "", "Config": {"Labels": labels}, "State": {"Status": status}}


def told(resources: list[dict[str, Any]], containers: dict[str, Any], **view: Any) -> list[tuple[str, Cure]]:
    faults = diagnose([], [], recorded({"resources": resources}), View(containers, **view), None)
    return [(fault.what, fault.cure) for fault in faults]


@pytest.fixture(autouse=True)
def nothing_changed_by_hand(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(diagnosis, "changed_facts", lambda *_: [])


def test_what_was_changed_by_hand_is_made_anew_only_where_an_update_does_not_see_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    changed = [
        Drift("redis", "memory MiB", "512", "300"),
        Drift("redis", "environment A", "unset", "another value"),
        Drift("redis", "label mine", "none", "yes"),
        Drift("redis", "/etc/gateway/redis.conf", "as Pulumi wrote it", "another text"),
    ]
    monkeypatch.setattr(diagnosis, "changed_facts", lambda *_: changed)
    faults = diagnose(
        [],
        [],
        recorded({"resources": [resource("redis", "1")]}),
        View({"1": container("redis", "gateway-dev-redis")}),
        None,
    )
    assert [(fault.what, fault.cure, fault.urn) for fault in faults] == [
        ("redis: memory MiB 300, not 512", Cure.UPDATE, ""),
        ("redis: environment A another value, not unset", Cure.REPLACE, "u::redis"),
        ("redis: label mine yes, not none", Cure.REPLACE, "u::redis"),
        ("redis: /etc/gateway/redis.conf another text, not as Pulumi wrote it", Cure.REPLACE, "u::redis"),
    ]


def test_a_stack_in_order_has_no_fault() -> None:
    assert told([resource("edge", "1")], {"1": container("edge", "gateway-dev-edge")}) == []


def test_each_fault_has_its_cure_in_the_order_of_the_cures() -> None:
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
    faults = diagnose([STALE], ["creating litellm-1"], recorded({"resources": resources}), View(containers), 0.5)
    assert [(fault.what, fault.cure) for fault in faults] == [
        ("disk nearly full: 0.5 GiB free, 2 needed", Cure.FREE_DISK),
        (f"locked by {STALE}, which has ended", Cure.UNLOCK),
        ("provider is exited", Cure.START),
        ("interrupted: creating litellm-1", Cure.CLEAR),
        ("gateway-dev-postgres (running) is in no state", Cure.REMOVE_FIRST),
        ("litellm-1 is missing", Cure.UPDATE),
        ("litellm-config: the one before is still there", Cure.UPDATE),
        ("gateway-dev-litellm-1-0a1b2 (running) is in no state", Cure.REMOVE_LAST),
        ("my-own-postgres (running) is in no state", Cure.NONE),
    ]


def test_a_container_that_only_looks_like_pulumi_s_is_left_alone() -> None:
    containers = {
        "1": container("litellm-1", "gateway-dev-litellm-1-backup"),
        "2": container("litellm-1", "gateway-prod-litellm-1-0a1b2"),
        "3": {"Name": "/gateway-dev-postgres", "Config": {"Labels": None}, "State": {"Status": "running"}},
    }
    assert {fault.cure for fault in orphans([], View(containers))} == {Cure.NONE}


def test_one_shots_and_carriers_that_do_not_run_are_in_order() -> None:
    resources = [resource("migration", "1", mustRun=False), resource("edge-config", "2", start=False)]
    containers = {"1": container("migration", "m", "exited"), "2": container("edge-config", "e", "created")}
    assert told(resources, containers) == []


def test_a_missing_volume_is_said_to_have_taken_its_data_along() -> None:
    resources = [
        resource("postgres-data", "v", kind="docker:index/volume:Volume"),
        resource("data-network", "n", kind="docker:index/network:Network"),
    ]
    assert told(resources, {}) == [
        ("the volume of postgres-data is missing, its data with it", Cure.UPDATE),
        ("data-network is missing", Cure.UPDATE),
    ]
    assert told(resources, {}, volumes=frozenset({"v"}), networks=frozenset({"n"})) == []


@pytest.mark.parametrize("free", [None, 2.0, 100.0])
def test_enough_disk_or_one_elsewhere_is_no_fault(free: float | None) -> None:
    assert diagnose([], [], [], View({}), free) == []


def test_only_images_of_recipes_that_are_no_more_are_spare() -> None:
    assert is_spare(["localhost/gateway/litellm:1.0.0-00000000"])
    assert not is_spare([built_reference("litellm")])
    assert not is_spare(["localhost/gateway/litellm:1.0.0-00000000", "mine:latest"])
    assert not is_spare(["postgres:15"])
    assert not is_spare([])


def test_orphans_that_hold_a_name_go_before_the_update_and_those_that_may_serve_after(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    done: list[str] = []

    @contextmanager
    def engine() -> Any:
        yield None

    left = [Fault("left", Cure.REMOVE_LAST, "replica"), Fault("theirs", Cure.NONE, "mine")]
    monkeypatch.setattr(recover, "_engine", engine)
    monkeypatch.setattr(recover, "remove", lambda _, id_: done.append(f"remove {id_}"))
    monkeypatch.setattr(recover, "start", lambda _, id_: done.append(f"start {id_}"))
    monkeypatch.setattr(recover, "look", lambda *_: View({}))
    monkeypatch.setattr(recover, "orphans", lambda *_: left)
    monkeypatch.setattr(recover, "prove", lambda *_: done.append("prove"))

    def up(**options: Any) -> Any:
        done.append(f"up, refresh {options['refresh']}, replace {options['replace']}")
        return SimpleNamespace(outputs={})

    stack = SimpleNamespace(
        name="dev",
        cancel=lambda: done.append("cancel"),
        refresh=lambda **options: done.append(f"refresh, clear {options['clear_pending_creates']}"),
        up=up,
        export_stack=lambda: SimpleNamespace(deployment={}),
    )
    faults = [
        Fault("", Cure.UNLOCK), Fault("", Cure.CLEAR), Fault("", Cure.START, "provider"),
        Fault("", Cure.REMOVE_FIRST, "postgres"), Fault("", Cure.REPLACE, urn="urn"),
        Fault("", Cure.REMOVE_LAST, "replica"), Fault("", Cure.NONE, "mine"),
    ]  # fmt: skip
    recover.cure(stack, faults)  # type: ignore[arg-type]
    assert done == [
        "cancel", "start provider", "refresh, clear True", "remove postgres",
        "up, refresh True, replace ['urn']", "remove replica", "prove",
    ]  # fmt: skip


@pytest.mark.parametrize("lock", [Lock(1, "ann", "far", "2030-01-01T00:00:00Z")])
def test_a_lock_that_may_be_held_is_never_taken_away(monkeypatch: pytest.MonkeyPatch, lock: Lock) -> None:
    monkeypatch.setattr(recover, "existing", lambda _: SimpleNamespace(name="dev"))
    monkeypatch.setattr(recover, "locks", lambda _: [lock])
    monkeypatch.setattr(recover, "examine", lambda _: pytest.fail("it went on"))
    with pytest.raises(Failure, match="dev is locked by ann@far"):
        recover.run("dev", yes=True)
