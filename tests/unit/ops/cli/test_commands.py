"""Every command explains itself, and its status says how it ended."""

import importlib
import pkgutil
from typing import Any

import pytest
from pulumi.automation import CommandResult, StackNotFoundError
from typer.testing import CliRunner

import ops.cli
from ops.__main__ import app
from ops.errors import OperationError

NAMES = sorted(module.name for module in pkgutil.iter_modules(ops.cli.__path__) if module.name != "options")
RUNNER = CliRunner()


def test_every_file_of_the_folder_is_a_command() -> None:
    listed = RUNNER.invoke(app, ["--help"]).output
    assert [name for name in NAMES if f" {name} " not in listed] == []
    assert len(app.registered_groups) == len(NAMES)


@pytest.mark.parametrize("name", NAMES)
def test_each_command_has_a_help_text_and_an_example(name: str) -> None:
    shown = RUNNER.invoke(app, [name, "--help"])
    assert shown.exit_code == 0
    assert f"Example: python -m ops {name}" in shown.output
    module = importlib.import_module(f"ops.cli.{name}")
    assert module.app.registered_commands[0].callback.__doc__


@pytest.mark.parametrize(
    ("name", "function", "result", "status"),
    [
        ("health", "show_health", True, 0),
        ("health", "show_health", False, 1),
        ("models", "check_models", False, 1),
        ("load", "load_test", False, 1),
        ("doctor", "diagnose", True, 0),
        ("doctor", "diagnose", False, 1),
        ("drift", "show_drift", False, 0),
        ("drift", "show_drift", True, 2),
    ],
)
def test_the_status_is_that_of_the_result(
    monkeypatch: pytest.MonkeyPatch, name: str, function: str, status: int, *, result: bool
) -> None:
    module: Any = importlib.import_module(f"ops.cli.{name}")
    monkeypatch.setattr(module, function, lambda *_, **__: result)
    assert RUNNER.invoke(app, [name, "dev"]).exit_code == status


def test_a_list_of_dumps_makes_none(monkeypatch: pytest.MonkeyPatch) -> None:
    listed: list[str] = []
    module: Any = importlib.import_module("ops.cli.backup")
    monkeypatch.setattr(module, "list_dumps", listed.append)
    monkeypatch.setattr(module, "back_up", lambda *_, **__: pytest.fail("a dump was made"))
    assert RUNNER.invoke(app, ["backup", "dev", "--list"]).exit_code == 0
    assert listed == ["dev"]


@pytest.mark.parametrize(
    "command",
    [
        "rollback dev --to 1",
        "rotate dev --yes",
        "health dev",
        "models dev",
        "history dev",
        "load dev",
        "backup dev",
        "backup dev --list",
        "restore dev 20260131T021500Z-manual --yes",
        "drift dev",
        "recover dev --yes",
    ],
)
def test_a_command_for_what_is_up_makes_no_stack(monkeypatch: pytest.MonkeyPatch, command: str) -> None:
    def select_stack(**_: str) -> None:
        raise StackNotFoundError(CommandResult(stdout="", stderr="error: no stack named 'dev' found", code=255))

    monkeypatch.setenv("PULUMI_CONFIG_PASSPHRASE", "hush")
    monkeypatch.delenv("PULUMI_BACKEND_URL", raising=False)
    monkeypatch.setattr("pulumi.automation.select_stack", select_stack)
    monkeypatch.setattr("pulumi.automation.create_or_select_stack", lambda **_: pytest.fail("a stack was made"))
    monkeypatch.setattr("ops.stack.automation.require_no_objects", lambda _: None)
    ended = RUNNER.invoke(app, command.split()).exception
    assert isinstance(ended, OperationError)
    assert str(ended) == "dev is not up: run `python -m ops up dev`"
