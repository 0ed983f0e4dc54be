"""Facts about the machine: which sites are asked, and what counts as their answer."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import httpx
import pytest

from bootstrap import observe
from bootstrap.machine import Reachability
from bootstrap.observe import REGISTRIES, VENDOR, ask_sites, free_gib, site_answers
from components.images.source import ImageSource
from tests.unit.bootstrap.machines import COMPLETE, FRESH


def answer(status: int) -> Callable[..., httpx.Response]:
    return lambda address, **options: httpx.Response(status)


@pytest.mark.parametrize(("status", "answered"), [(200, True), (401, True), (403, False), (502, False)])
def test_only_the_site_s_own_answer_counts(monkeypatch: pytest.MonkeyPatch, status: int, answered: object) -> None:
    monkeypatch.setattr("httpx.get", answer(status))
    assert site_answers(VENDOR) is answered


def test_unreachable_site_does_not_answer(monkeypatch: pytest.MonkeyPatch) -> None:
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


def test_complete_machine_asks_no_site(asked: list[str]) -> None:
    assert ask_sites(COMPLETE) == COMPLETE
    assert asked == []


def test_registries_are_unreachable_when_one_is(asked: list[str]) -> None:
    machine = ask_sites(FRESH)
    assert (machine.registries, machine.vendors) == (Reachability.UNREACHABLE, Reachability.REACHABLE)
    assert sorted(asked) == sorted([*REGISTRIES, VENDOR])


def test_decided_image_source_asks_no_registry(asked: list[str]) -> None:
    ask_sites(replace(FRESH, image_source_recorded=ImageSource.OFFICIAL))
    assert asked == [VENDOR]


def test_free_space_of_a_missing_folder_is_its_parent_s(tmp_path: Path) -> None:
    assert free_gib(tmp_path / "not" / "yet") == pytest.approx(free_gib(tmp_path), abs=1)
