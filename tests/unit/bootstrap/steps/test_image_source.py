"""The image source is decided once for a machine, and a decision is kept."""

import io
import threading
from dataclasses import replace
from pathlib import Path

import pytest

from bootstrap.execution.shell import Shell
from bootstrap.machine import Reachability
from bootstrap.steps import image_source
from bootstrap.steps.image_source import decide, record
from components.images import source
from components.images.catalog import official_references
from components.images.source import ImageSource
from tests.unit.bootstrap.machines import FRESH


def test_source_is_official_where_registries_answer() -> None:
    decision = decide(replace(FRESH, registries=Reachability.REACHABLE))
    assert (decision.source, decision.reason) == (ImageSource.OFFICIAL, "the image registries answer")


def test_source_is_built_where_registries_do_not_answer() -> None:
    decision = decide(replace(FRESH, registries=Reachability.UNREACHABLE))
    assert decision.source is ImageSource.BUILT
    assert decision.reason.startswith("the image registries did not answer; if they should have: ")
    assert "GATEWAY_IMAGE_SOURCE=official" in decision.reason


def test_source_is_official_where_the_images_were_loaded() -> None:
    machine = replace(FRESH, images=frozenset(official_references()))
    assert decide(machine).source is ImageSource.OFFICIAL
    assert decide(replace(machine, images=machine.images - {official_references()[0]})).source is ImageSource.BUILT


def test_recorded_source_is_kept_when_registries_answer() -> None:
    machine = replace(FRESH, registries=Reachability.REACHABLE, image_source_recorded=ImageSource.BUILT)
    assert decide(machine).source is ImageSource.BUILT


def test_environment_overrides_the_recorded_source() -> None:
    machine = replace(FRESH, image_source_override=ImageSource.OFFICIAL, image_source_recorded=ImageSource.BUILT)
    assert decide(machine).source is ImageSource.OFFICIAL


def test_recorded_source_is_what_the_program_reads(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "cache" / "image-source"
    monkeypatch.setattr(image_source, "SOURCE_FILE", file)
    monkeypatch.setattr(source, "SOURCE_FILE", file)
    monkeypatch.delenv("GATEWAY_IMAGE_SOURCE", raising=False)
    record(ImageSource.BUILT).run(Shell(io.StringIO(), threading.Event()))
    assert source.resolve_source() is ImageSource.BUILT
