"""The databases are swapped while the command lives that asked for it."""

import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO

import pytest
from rich.console import Console

from ops.data.swap import SWAP_STEP, Swap
from ops.errors import OperationError
from ops.stack.engines.part import command_cut_off, command_failed
from tests.unit.ops.local_part import LocalPart
from tests.unit.server_programs import ServerPrograms

CONTENT = b"PGDMP of a test"


@dataclass
class EndingPart:
    """A part in which restore.sh comes to a step, and then the command ends by an error."""

    step: str
    error: BaseException
    ran: list[str] = field(default_factory=list)

    def run(self, take: Callable[[bytes], object], *command: str, name: str = "") -> None:
        self.ran.append(command[0])
        if command[0] == "sh":
            take(f"{self.step}\n".encode())
            raise self.error

    def put(self, folder: str, archive: BinaryIO, size: int) -> None: ...


def test_go_ahead_comes_with_the_step_that_waits_for_it(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "a.dump").write_bytes(CONTENT)
    (tmp_path / "a.json").write_text(json.dumps({"sha256": hashlib.sha256(CONTENT).hexdigest()}))
    server = ServerPrograms.make(tmp_path)
    swap = Swap(LocalPart(server), Console(), "a", go_ahead=str(tmp_path / "go-ahead"))
    old = swap.run(drop_old=True)
    assert f"alter database litellm rename to {old};" in server.calls
    assert f"dropdb --if-exists --force {old}" in server.calls
    assert SWAP_STEP in capsys.readouterr().out


def test_each_restore_waits_for_a_file_of_its_own() -> None:
    part = EndingPart("", KeyboardInterrupt())
    assert Swap(part, Console(), "a").go_ahead != Swap(part, Console(), "a").go_ahead


@pytest.mark.parametrize(
    "error",
    [KeyboardInterrupt(), command_cut_off("restore.sh", "pod backup-0"), command_failed("restore.sh", b"")],
    ids=["Ctrl-C", "cut off", "killed"],
)
@pytest.mark.parametrize(
    ("step", "given"), [("restoring beside the live database, and counting rows", False), (SWAP_STEP, True)]
)
def test_command_that_ends_says_whether_the_swap_had_begun(
    capsys: pytest.CaptureFixture[str], error: BaseException, step: str, *, given: bool
) -> None:
    part = EndingPart(step, error)
    with pytest.raises(type(error)):
        Swap(part, Console(), "a").run(drop_old=True)
    assert part.ran == ["sh", *(["touch"] if given else [])]
    assert ("the swap had begun, and may be done: expect the data of a" in capsys.readouterr().err) is given


def test_restore_that_fails_itself_leaves_nothing_to_expect(capsys: pytest.CaptureFixture[str]) -> None:
    part = EndingPart(SWAP_STEP, command_failed("restore.sh", b"connections could not be closed"))
    with pytest.raises(OperationError, match=r"restore\.sh failed: connections could not be closed"):
        Swap(part, Console(), "a").run(drop_old=False)
    assert capsys.readouterr().err == ""
