"""A second update says whom it waits for."""

import os
import socket
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from pulumi.automation import CommandError, CommandResult, ConcurrentUpdateError, StackAlreadyExistsError

from ops.errors import OperationError
from ops.stack.backend.state_lock import Holder, StateLock, locked_error, state_locks

SINCE = "2030-01-01T00:00:00Z"


def lock(process: int = 1, host: str | None = None) -> StateLock:
    return StateLock(process, "ann", host or socket.gethostname(), SINCE)


REFUSED = (
    "error: could not create stack: the stack is currently locked by 2 lock(s). Either wait for the other"
    " process(es) to end or delete the lock file with `pulumi cancel`.\n"
    "  postgres://****:****@db/.pulumi/state_locks/b.json: created by ann@far (pid 8) at 2030-02-01T00:00:00Z\n"
    f"  file:///state/.pulumi/state_locks/a.json?x=y: created by ann@far (pid 7) at {SINCE}\n"
)


def stack(error: type[CommandError] | None, text: str = "") -> Any:
    """A stack whose backend answers so when it is asked to make it."""

    def create_stack(name: str) -> None:
        assert name == "dev"
        if error:
            raise error(CommandResult(stdout="", stderr=text, code=255))

    return SimpleNamespace(name="dev", workspace=SimpleNamespace(create_stack=create_stack))


def test_locks_of_any_backend_are_read_oldest_first() -> None:
    assert state_locks(stack(ConcurrentUpdateError, REFUSED)) == [
        StateLock(7, "ann", "far", SINCE),
        StateLock(8, "ann", "far", "2030-02-01T00:00:00Z"),
    ]


def test_a_stack_that_is_free_has_no_locks() -> None:
    assert state_locks(stack(StackAlreadyExistsError, "error: stack 'dev' already exists")) == []


def test_a_backend_that_does_not_say_who_updates_is_quoted() -> None:
    with pytest.raises(ConcurrentUpdateError, match="currently in progress"):
        state_locks(stack(ConcurrentUpdateError, "[409] Conflict: Another update is currently in progress."))


def test_a_stack_that_is_gone_is_not_taken_for_free() -> None:
    with pytest.raises(OperationError, match=r"^dev was removed meanwhile$"):
        state_locks(stack(None))


def test_a_process_of_another_host_is_never_taken_for_ended() -> None:
    assert lock(host="far").holder() is Holder.ELSEWHERE


def test_a_process_that_is_gone_or_is_another_program_has_ended() -> None:
    assert lock(process=2**22 + 1).holder() is Holder.ENDED
    assert lock(process=os.getpid()).holder() is Holder.ENDED


def test_a_pulumi_that_runs_holds_its_lock(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Path, "read_bytes", lambda _: b"pulumi\0up\0--stack\0dev\0")
    assert lock().holder() is Holder.RUNNING


def test_the_error_names_holder_age_and_cure() -> None:
    assert locked_error("dev", lock(process=2**22 + 1)) == (
        f"dev is locked by ann@{socket.gethostname()} (process {2**22 + 1}) since {SINCE};"
        " that process has ended: `python -m ops recover dev`"
    )
    assert locked_error("dev", lock(host="far")).endswith("if no update runs there, `pulumi cancel`")
