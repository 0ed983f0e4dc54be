"""Encrypted settings of a stack's file."""

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
    set_secret(Path("/nowhere"), "dev", "gateway:keys", "sk-hush")
    assert seen["input"] == "sk-hush"
    assert "sk-hush" not in seen["arguments"]
    seen["fails"] = True
    with pytest.raises(OperationError, match="gateway:keys could not be encrypted") as caught:
        set_secret(Path("/nowhere"), "dev", "gateway:keys", "sk-hush")
    assert "sk-hush" not in str(caught.value)


@pytest.mark.parametrize(
    ("setting", "arguments"),
    [
        ("gateway:salt_key", ["gateway:salt_key"]),
        ("gateway:provider_keys.A", ["--path", "gateway:provider_keys.A"]),
    ],
)
def test_a_setting_within_a_group_is_named_by_its_path(
    monkeypatch: pytest.MonkeyPatch, setting: str, arguments: list[str]
) -> None:
    seen: list[list[str]] = []

    def run(given: list[str], **_: Any) -> subprocess.CompletedProcess[str]:
        seen.append(given)
        return subprocess.CompletedProcess(given, 0)

    monkeypatch.setattr("subprocess.run", run)
    set_secret(Path("/nowhere"), "dev", setting, "sk-hush")
    assert seen == [["pulumi", "config", "set", "--secret", *arguments, "--stack", "dev", "--non-interactive"]]
