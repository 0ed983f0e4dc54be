"""A preview writes its plan for its owner alone, and none if the program refuses the settings."""

import stat
from pathlib import Path
from typing import Any

import pytest
from pulumi.automation import CommandError, CommandResult

from ops.errors import OperationError
from ops.update import preview
from tests.unit.ops.steps import event


class Stack:
    """Previews one new container, or refuses the settings."""

    def __init__(self, *, refuses: bool = False) -> None:
        self.refuses = refuses

    def preview(self, *, on_event: Any, plan: str, **_: Any) -> None:
        if self.refuses:
            raise CommandError(CommandResult("error: refused", "", 255))
        on_event(event("create", "redis", None, {}))
        Path(plan).write_text("{}")


def test_the_plan_is_written_for_its_owner_alone(tmp_path: Path) -> None:
    plan = tmp_path / "new" / "plan.json"
    (operation,) = preview.run_preview(Stack(), plan)  # type: ignore[arg-type]
    assert operation.name == "redis"
    assert stat.S_IMODE(plan.stat().st_mode) == 0o600


def test_no_plan_is_left_if_the_program_refuses(tmp_path: Path) -> None:
    plan = tmp_path / "plan.json"
    plan.write_text('{"resourcePlans": {}}')
    with pytest.raises(CommandError):
        preview.run_preview(Stack(refuses=True), plan)  # type: ignore[arg-type]
    assert not plan.exists()


def test_a_file_that_is_no_plan_is_kept(tmp_path: Path) -> None:
    passphrase = tmp_path / "passphrase"
    passphrase.write_text("of all stacks")
    with pytest.raises(OperationError, match="is a file and no plan; it would be lost, so name another one"):
        preview.run_preview(Stack(), passphrase)  # type: ignore[arg-type]
    assert passphrase.read_text() == "of all stacks"


def test_the_summary_names_the_command_that_applies_the_plan(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    monkeypatch.setattr(preview, "open_or_create", lambda _: Stack())
    preview.preview("dev", save_plan=tmp_path / "plan.json")
    printed = capsys.readouterr().out
    assert "redis  created" in printed
    assert f"python -m ops up dev --plan {tmp_path / 'plan.json'}" in printed
