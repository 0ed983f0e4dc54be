"""Facts are read as they are: an old Go, a proxy's refusal and a part of another version do not count."""

import io
import threading
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import httpx
import pytest

from bootstrap import observe, pulumi
from bootstrap.machine import Part, Reach
from bootstrap.observe import REGISTRIES, VENDOR, ask_sites, find_go, free_gib, go_version, site_answers
from bootstrap.pulumi import RecordParts, installed
from bootstrap.shell import Shell
from components.images.catalog import ImageSource
from tests.unit.bootstrap.machines import COMPLETE, FRESH


def fake_go(folder: Path, version: str) -> str:
    go = folder / "go"
    go.write_text(f"#!/bin/sh\necho {version}\n")
    go.chmod(0o755)
    return str(go)


@pytest.mark.parametrize(
    ("text", "version"), [("go1.26.6", (1, 26)), ("go1.27rc1", (1, 27)), ("devel", (0, 0)), ("", (0, 0))]
)
def test_a_gos_version_is_read(tmp_path: Path, text: str, version: tuple[int, int]) -> None:
    assert go_version(fake_go(tmp_path, text)) == version


def test_a_missing_go_has_no_version(tmp_path: Path) -> None:
    assert go_version(str(tmp_path / "go")) == (0, 0)


def test_a_go_older_than_needed_is_not_used(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    old = fake_go(tmp_path, "go1.19.8")
    monkeypatch.setattr("shutil.which", lambda name: old)
    assert find_go() != old


def answer(status: int) -> Callable[..., httpx.Response]:
    return lambda address, **options: httpx.Response(status)


@pytest.mark.parametrize(("status", "answered"), [(200, True), (401, True), (403, False), (502, False)])
def test_only_a_sites_own_answer_counts(monkeypatch: pytest.MonkeyPatch, status: int, answered: object) -> None:
    monkeypatch.setattr("httpx.get", answer(status))
    assert site_answers(VENDOR) is answered


def test_a_site_that_cannot_be_reached_does_not_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(address: str, **options: object) -> httpx.Response:
        raise httpx.ConnectError("refused")

    monkeypatch.setattr("httpx.get", refuse)
    assert not site_answers(VENDOR)


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    addresses: list[str] = []

    def answers(address: str) -> bool:
        addresses.append(address)
        return address != REGISTRIES[0]

    monkeypatch.setattr(observe, "site_answers", answers)
    return addresses


def test_a_complete_machine_asks_no_site(asked: list[str]) -> None:
    assert ask_sites(COMPLETE) == COMPLETE
    assert asked == []


def test_one_silent_registry_is_enough_to_build(asked: list[str]) -> None:
    machine = ask_sites(FRESH)
    assert (machine.registries, machine.vendors) == (Reach.UNREACHABLE, Reach.REACHABLE)
    assert sorted(asked) == sorted([*REGISTRIES, VENDOR])


def test_registries_are_not_asked_once_the_image_source_is_decided(asked: list[str]) -> None:
    ask_sites(replace(FRESH, image_source_recorded=ImageSource.OFFICIAL))
    assert asked == [VENDOR]


def test_free_space_of_a_folder_that_will_be_is_its_parents(tmp_path: Path) -> None:
    assert free_gib(tmp_path / "not" / "yet") == pytest.approx(free_gib(tmp_path), abs=1)


@pytest.fixture
def parts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(pulumi, "PULUMI_BIN", tmp_path / "bin")
    monkeypatch.setattr(pulumi, "PULUMI_HOME", tmp_path / "home")
    monkeypatch.setattr(pulumi, "STAMPS", tmp_path / "parts")
    for place in ("bin/pulumi", "bin/pulumi-language-python", "home/plugins/resource-docker-v5.2.0/x"):
        (tmp_path / place).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / place).touch()
    (tmp_path / "parts").mkdir()
    for part in Part:
        (tmp_path / "parts" / part).write_text(pulumi.pins())
    return tmp_path


def test_an_installed_part_is_there_at_the_pinned_version(parts: Path) -> None:
    (parts / "parts" / Part.LANGUAGE_HOST).write_text("older pins")
    assert installed() == {Part.CLI, Part.DOCKER_PLUGIN}


def test_what_is_recorded_as_installed_is_not_installed_again(parts: Path) -> None:
    (parts / "parts" / Part.CLI).unlink()
    RecordParts((Part.CLI,)).run(Shell(io.StringIO(), threading.Event()))
    assert Part.CLI in installed()


def test_a_changed_go_source_rebuilds_the_parts(parts: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (parts / "go").mkdir()
    (parts / "go" / "main.go").write_text("package main\n")
    monkeypatch.setattr(pulumi, "GO_MODULE", parts / "go")
    assert installed() == frozenset()
