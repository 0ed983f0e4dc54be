"""A stack is opened only where there is one."""

from pathlib import Path

import pytest
from pulumi.automation import CommandResult, StackNotFoundError

from components.engine.ownership import EngineObject, ObjectKind
from ops.errors import OperationError
from ops.stack.automation import open_existing, open_or_create, require_passphrase


@pytest.fixture
def nothing_opened(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        "ops.stack.automation.automation.create_or_select_stack", lambda **_: pytest.fail("a stack was opened")
    )


def no_stack(**_: str) -> None:
    """Stand in for Pulumi where the backend has no such stack."""
    raise StackNotFoundError(CommandResult(stdout="", stderr="error: no stack named 'dev' found", code=255))


@pytest.mark.usefixtures("nothing_opened")
def test_an_unknown_stack_is_never_made() -> None:
    with pytest.raises(OperationError, match="there is no stacks/"):
        open_or_create("production")


@pytest.mark.usefixtures("nothing_opened")
def test_a_missing_passphrase_names_its_cure(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv("PULUMI_CONFIG_PASSPHRASE", raising=False)
    monkeypatch.delenv("PULUMI_CONFIG_PASSPHRASE_FILE", raising=False)
    with pytest.raises(OperationError, match=r"^no passphrase: `source \.envrc`"):
        open_or_create("dev")
    monkeypatch.setenv("PULUMI_CONFIG_PASSPHRASE_FILE", str(tmp_path / "gone"))
    with pytest.raises(OperationError, match=r"gone does not exist; restore it"):
        open_or_create("dev")


@pytest.mark.usefixtures("nothing_opened")
def test_an_empty_passphrase_is_refused_although_there_is_a_file(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "passphrase").write_text("hush")
    monkeypatch.setenv("PULUMI_CONFIG_PASSPHRASE", "")
    monkeypatch.setenv("PULUMI_CONFIG_PASSPHRASE_FILE", str(tmp_path / "passphrase"))
    with pytest.raises(OperationError, match=r"^PULUMI_CONFIG_PASSPHRASE is empty: "):
        open_or_create("dev")


def test_an_empty_file_is_no_passphrase(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "passphrase").write_text("\n")
    monkeypatch.delenv("PULUMI_CONFIG_PASSPHRASE", raising=False)
    monkeypatch.setenv("PULUMI_CONFIG_PASSPHRASE_FILE", str(tmp_path / "passphrase"))
    with pytest.raises(OperationError, match="passphrase is empty, and would protect nothing"):
        require_passphrase()


def test_a_passphrase_of_the_environment_is_enough(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PULUMI_CONFIG_PASSPHRASE", "hush")
    monkeypatch.setattr("ops.stack.automation.automation.select_stack", no_stack)
    monkeypatch.setattr("ops.stack.automation.require_no_objects", lambda _: None)
    opened: list[str] = []
    monkeypatch.setattr(
        "ops.stack.automation.automation.create_or_select_stack", lambda **asked: opened.append(asked["stack_name"])
    )
    open_or_create("dev")
    assert opened == ["dev"]


@pytest.mark.usefixtures("nothing_opened")
def test_a_stack_that_was_never_up_is_not_created(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PULUMI_CONFIG_PASSPHRASE", "hush")
    monkeypatch.setattr("ops.stack.automation.automation.select_stack", no_stack)
    monkeypatch.setattr("ops.stack.automation.require_no_objects", lambda _: None)
    with pytest.raises(OperationError, match=r"^dev is not up: run `python -m ops up dev`$"):
        open_existing("dev")
    with pytest.raises(OperationError, match="there is no stacks/"):
        open_existing("production")


@pytest.mark.usefixtures("nothing_opened")
def test_no_state_is_made_of_a_stack_whose_parts_run(monkeypatch: pytest.MonkeyPatch) -> None:
    part = EngineObject(ObjectKind.CONTAINER, "1", "gateway-dev-postgres")
    monkeypatch.setenv("PULUMI_CONFIG_PASSPHRASE", "hush")
    monkeypatch.setattr("ops.stack.automation.automation.select_stack", no_stack)
    monkeypatch.setattr("ops.stack.backend.ownership.stack_objects", lambda _: (part,))
    for opened in (open_or_create, open_existing):
        with pytest.raises(OperationError, match=r"^dev: this engine has parts of another stack named dev"):
            opened("dev")


@pytest.mark.usefixtures("nothing_opened")
def test_a_state_that_is_cut_off_is_named_with_its_cure(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    state = tmp_path / ".pulumi" / "stacks" / "gateway" / "dev.json"
    state.parent.mkdir(parents=True)
    state.write_text("")
    monkeypatch.setenv("PULUMI_CONFIG_PASSPHRASE", "hush")
    monkeypatch.setenv("PULUMI_BACKEND_URL", f"file://{tmp_path}")
    for opened in (open_or_create, open_existing):
        with pytest.raises(OperationError, match=rf"^dev: {state} is cut off or empty: `python -m ops recover dev`"):
            opened("dev")
