"""A secret is encrypted into a stack's file."""

import subprocess
from pathlib import Path
from typing import Any

import pytest

from ops.errors import OperationError
from ops.stack.secret_setting import set_secret


def test_a_secret_reaches_pulumi_by_a_pipe_and_never_by_an_argument(monkeypatch: pytest.MonkeyPatch) -> None:
    seen: dict[str, Any] = {}

    def run(arguments: list[str], **options: Any) -> subprocess.CompletedProcess[str]:
        seen.update(options, arguments=arguments)
        return subprocess.CompletedProcess(arguments, 1 if seen.get("fails") else 0)

    monkeypatch.setattr("subprocess.run", run)
    set_secret(Path("/nowhere"), "dev", "gateway:provider_keys.A", "sk-hush")
    assert seen["input"] == "sk-hush"
    assert "sk-hush" not in seen["arguments"]
    seen["fails"] = True
    with pytest.raises(OperationError, match=r"gateway:provider_keys\.A could not be encrypted") as caught:
        set_secret(Path("/nowhere"), "dev", "gateway:provider_keys.A", "sk-hush")
    assert "sk-hush" not in str(caught.value)


@pytest.mark.parametrize(("setting", "path"), [("gateway:ui_password", False), ("gateway:provider_keys.A", True)])
def test_a_setting_in_a_group_is_a_path(monkeypatch: pytest.MonkeyPatch, setting: str, path: bool) -> None:  # noqa: FBT001
    seen: list[list[str]] = []

    def run(arguments: list[str], **_: Any) -> subprocess.CompletedProcess[str]:
        seen.append(arguments)
        return subprocess.CompletedProcess(arguments, 0)

    monkeypatch.setattr("subprocess.run", run)
    set_secret(Path("/nowhere"), "dev", setting, "sk-hush")
    assert [("--path" in arguments) for arguments in seen] == [path]
