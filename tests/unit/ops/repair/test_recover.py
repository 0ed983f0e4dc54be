"""Issues are repaired in an order that loses nothing."""

import json
from contextlib import contextmanager
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from unittest.mock import Mock

import pytest
import typer
from rich.console import Console

from ops.errors import OperationError
from ops.repair import recover
from ops.repair.observed_state import ObservedState
from ops.repair.recover import issue_table
from ops.repair.repair_plan import Issue, RepairAction
from ops.stack.backend.state_lock import StateLock
from ops.stack.gateway import Gateway
from tests.unit.ops.repositories import Tree


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
    monkeypatch.setattr(recover, "open_own", lambda _: SimpleNamespace(name="dev"))
    monkeypatch.setattr(recover, "state_locks", lambda _: [lock])
    monkeypatch.setattr(recover, "examine", lambda _: pytest.fail("it went on"))
    with pytest.raises(OperationError, match="dev is locked by ann@far"):
        recover.recover("dev", yes=True)


def test_a_protected_stack_s_lost_state_is_not_made_of_files_that_are_not_committed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(recover, "Repository", lambda: Tree("__main__.py"))
    monkeypatch.setattr(recover, "rebuild_state", lambda *_, **__: pytest.fail("it went on"))
    with pytest.raises(OperationError, match=r"^prod is protected, and these files are not committed: __main__\.py;"):
        recover.recover("prod", yes=True, lost_state=True)


def test_what_making_the_state_writes_into_the_stack_s_file_stops_no_repair(monkeypatch: pytest.MonkeyPatch) -> None:
    tree, repaired = Tree(), []
    stack = SimpleNamespace(name="prod")
    monkeypatch.setattr(recover, "Repository", lambda: tree)
    monkeypatch.setattr(recover, "rebuild_state", lambda *_, **__: tree.changed.append("stacks/Pulumi.prod.yaml"))
    monkeypatch.setattr(recover, "open_own", lambda _: stack)
    monkeypatch.setattr(recover, "state_locks", lambda _: [])
    monkeypatch.setattr(recover, "examine", lambda _: [Issue("gone", RepairAction.UPDATE)])
    monkeypatch.setattr(recover, "repair", lambda *_: repaired.append(stack))
    recover.recover("prod", yes=True, lost_state=True)
    assert repaired == [stack]


@pytest.mark.parametrize("yes", [True, False])
def test_a_protected_stack_is_repaired_from_committed_files_only(monkeypatch: pytest.MonkeyPatch, *, yes: bool) -> None:
    monkeypatch.setattr(recover, "Repository", lambda: Tree("__main__.py"))
    monkeypatch.setattr(recover, "mend_state", lambda *_, **__: None)
    monkeypatch.setattr(recover, "open_own", lambda _: SimpleNamespace(name="prod"))
    monkeypatch.setattr(recover, "state_locks", lambda _: [])
    monkeypatch.setattr(recover, "examine", lambda _: [Issue("gone", RepairAction.UPDATE)])
    monkeypatch.setattr(recover, "repair", lambda *_: pytest.fail("it went on"))
    with pytest.raises(OperationError, match=r"not committed: __main__\.py; commit first$"):
        recover.recover("prod", yes=yes)


@pytest.mark.parametrize("yes", [True, False])
def test_a_state_that_is_cut_off_is_mended_after_consent(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path, *, yes: bool
) -> None:
    state = tmp_path / ".pulumi" / "stacks" / "gateway" / "dev.json"
    state.parent.mkdir(parents=True)
    state.write_text("{")
    copy = json.dumps({"checkpoint": {"latest": {"manifest": {"time": "2030-01-31T09:12:44.5Z"}, "resources": [{}]}}})
    state.with_name("dev.json.bak").write_text(copy)
    monkeypatch.setenv("PULUMI_BACKEND_URL", f"file://{tmp_path}")
    if yes:
        recover.mend_state("dev", yes=True)
    else:
        monkeypatch.setattr("typer.confirm", Mock(side_effect=typer.Abort))
        with pytest.raises(typer.Abort):
            recover.mend_state("dev", yes=False)
    assert state.read_text() == (copy if yes else "{")
    told = capsys.readouterr().out
    assert f"{state} is cut off or empty: the newest good copy of the state takes its place" in told
    assert "that copy is of 2030-01-31 09:12:44 UTC, 1 resources" in told
    assert ("the broken file is kept: " in told) is yes


def test_an_issue_is_shown_letter_by_letter() -> None:
    console = Console(width=120, record=True)
    console.print(issue_table([Issue("[litellm] env [/v1/key] :bug:", RepairAction.REPLACE)]))
    assert "[litellm] env [/v1/key] :bug:" in console.export_text()
