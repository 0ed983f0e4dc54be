"""Issues are repaired in an order that loses nothing."""

from contextlib import contextmanager
from types import SimpleNamespace
from typing import Any

import pytest

from components.images.built import built_reference
from ops.errors import OperationError
from ops.repair import recover
from ops.repair.observed_state import ObservedState
from ops.repair.recover import is_outdated
from ops.repair.repair_plan import Issue, RepairAction
from ops.stack.backend.state_lock import StateLock
from ops.stack.gateway import Gateway


def test_only_images_of_changed_recipes_are_outdated() -> None:
    assert is_outdated(["localhost/gateway/litellm:1.0.0-00000000"])
    assert not is_outdated([built_reference("litellm")])
    assert not is_outdated(["localhost/gateway/litellm:1.0.0-00000000", "mine:latest"])
    assert not is_outdated(["postgres:15"])
    assert not is_outdated([])


def test_actions_are_done_before_or_after_the_update(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    done: list[str] = []

    @contextmanager
    def engine(_: int) -> Any:
        yield None

    left = [Issue("left", RepairAction.REMOVE_LAST, "replica"), Issue("theirs", RepairAction.NONE, "mine")]
    monkeypatch.setattr(recover, "docker_engine", engine)
    monkeypatch.setattr(recover, "remove_container", lambda _, id_: done.append(f"remove {id_}"))
    monkeypatch.setattr(recover, "start_container", lambda _, id_: done.append(f"start {id_}"))
    monkeypatch.setattr(recover, "observe", lambda *_: ObservedState({}))
    monkeypatch.setattr(recover, "orphans", lambda *_: left)
    monkeypatch.setattr(recover, "settings_of", lambda _: None)
    monkeypatch.setattr(Gateway, "from_outputs", lambda *_: None)
    monkeypatch.setattr(recover, "smoke_test", lambda *_: done.append("smoke test"))

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
    issues = [
        Issue("", RepairAction.UNLOCK), Issue("", RepairAction.REFRESH), Issue("", RepairAction.START, "provider"),
        Issue("", RepairAction.REMOVE_FIRST, "postgres"), Issue("", RepairAction.REPLACE, urn="urn"),
        Issue("", RepairAction.REMOVE_LAST, "replica"), Issue("", RepairAction.NONE, "mine"),
    ]  # fmt: skip
    recover.repair(stack, issues)  # type: ignore[arg-type]
    assert done == [
        "cancel", "start provider", "refresh, clear True", "remove postgres",
        "up, refresh True, replace ['urn']", "remove replica", "smoke test",
    ]  # fmt: skip


@pytest.mark.parametrize("lock", [StateLock(1, "ann", "far", "2030-01-01T00:00:00Z")])
def test_a_lock_that_may_be_held_is_never_removed(monkeypatch: pytest.MonkeyPatch, lock: StateLock) -> None:
    monkeypatch.setattr(recover, "open_existing", lambda _: SimpleNamespace(name="dev"))
    monkeypatch.setattr(recover, "state_locks", lambda _: [lock])
    monkeypatch.setattr(recover, "examine", lambda _: pytest.fail("it went on"))
    with pytest.raises(OperationError, match="dev is locked by ann@far"):
        recover.recover("dev", yes=True)
