"""A part of Pulumi counts as installed at the pinned version only."""

import io
import threading
from pathlib import Path

import pytest

from bootstrap.execution.shell import Shell
from bootstrap.machine import PulumiPart
from bootstrap.steps import pulumi
from bootstrap.steps.pulumi import installed, record


@pytest.fixture
def parts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(pulumi, "PULUMI_BIN", tmp_path / "bin")
    monkeypatch.setattr(pulumi, "PULUMI_HOME", tmp_path / "home")
    monkeypatch.setattr(pulumi, "STAMPS", tmp_path / "parts")
    for place in ("bin/pulumi", "bin/pulumi-language-python", "home/plugins/resource-docker-v5.2.0/x"):
        (tmp_path / place).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / place).touch()
    (tmp_path / "parts").mkdir()
    for part in PulumiPart:
        (tmp_path / "parts" / part).write_text(pulumi.pins())
    return tmp_path


def test_part_with_older_pins_is_not_installed(parts: Path) -> None:
    (parts / "parts" / PulumiPart.LANGUAGE_HOST).write_text("older pins")
    assert installed() == {PulumiPart.CLI, PulumiPart.DOCKER_PLUGIN}


def test_recorded_part_is_installed(parts: Path) -> None:
    (parts / "parts" / PulumiPart.CLI).unlink()
    record(PulumiPart.CLI).run(Shell(io.StringIO(), threading.Event()))
    assert PulumiPart.CLI in installed()


def test_changed_go_source_rebuilds_the_parts(parts: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (parts / "go").mkdir()
    (parts / "go" / "main.go").write_text("package main\n")
    monkeypatch.setattr(pulumi, "GO_MODULE", parts / "go")
    assert installed() == frozenset()
