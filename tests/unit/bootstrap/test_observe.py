"""Facts about the machine: which sites are asked, and what counts as their answer."""

import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import httpx
import pytest

from bootstrap import observe
from bootstrap.errors import BootstrapError
from bootstrap.machine import EngineState, Reachability
from bootstrap.observe import REGISTRIES, VENDOR, ask_sites, free_gib, has_passphrase, site_answers
from bootstrap.steps.engine import engine_steps
from components.images.source import ImageSource
from tests.unit.bootstrap.machines import COMPLETE, FRESH


def answer(status: int) -> Callable[..., httpx.Response]:
    return lambda address, **options: httpx.Response(status)


@pytest.mark.parametrize(("status", "answered"), [(200, True), (401, True), (403, False), (502, False)])
def test_only_the_site_s_own_answer_counts(monkeypatch: pytest.MonkeyPatch, status: int, answered: object) -> None:
    monkeypatch.setattr(time, "sleep", lambda _: None)
    monkeypatch.setattr("httpx.get", answer(status))
    assert site_answers(VENDOR) is answered


@pytest.mark.parametrize(("good", "answered"), [(2, True), (3, True), (4, False)])
def test_site_is_asked_three_times(monkeypatch: pytest.MonkeyPatch, good: int, *, answered: bool) -> None:
    tries: list[float] = []
    monkeypatch.setattr(time, "sleep", lambda _: None)

    def get(address: str, *, timeout: float, **_: object) -> httpx.Response:
        tries.append(timeout)
        if len(tries) < good:
            raise httpx.ReadTimeout("slow")
        return httpx.Response(401)

    monkeypatch.setattr("httpx.get", get)
    assert site_answers(REGISTRIES[0]) is answered
    assert tries == [10.0] * min(good, 3)


def test_unreachable_site_does_not_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(time, "sleep", lambda _: None)

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


@pytest.mark.parametrize(
    ("environment", "sentence"),
    [
        (
            {"DOCKER_HOST": "ssh://nobody@localhost"},
            "DOCKER_HOST: ssh://nobody@localhost is not a socket of this machine",
        ),
        ({"DOCKER_CONTEXT": "gone"}, "Docker context gone does not exist"),
    ],
)
def test_engine_that_is_not_used_is_refused_and_not_installed_beside(
    monkeypatch: pytest.MonkeyPatch, environment: dict[str, str], sentence: str
) -> None:
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    found = observe.ask_engine()
    assert found.state is EngineState.REFUSED
    with pytest.raises(BootstrapError, match=f"^{sentence}"):
        engine_steps(replace(FRESH, engine=found.state, refusal=found.refusal))


def test_silent_engine_is_the_one_that_is_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("DOCKER_HOST", f"unix://{tmp_path}/none.sock")
    found = observe.ask_engine()
    assert found.state in {EngineState.STOPPED, EngineState.MISSING}
    with pytest.raises(BootstrapError, match=r"none\.sock, which does not answer"):
        engine_steps(replace(FRESH, engine=found.state, endpoint=found.endpoint))


@pytest.fixture
def passphrase(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """The project's own file, which is missing, in an environment without a passphrase."""
    file = tmp_path / ".passphrase"
    monkeypatch.setattr(observe, "PASSPHRASE", file)
    for name in ("PULUMI_CONFIG_PASSPHRASE", "PULUMI_CONFIG_PASSPHRASE_FILE"):
        monkeypatch.delenv(name, raising=False)
    return file


def test_own_passphrase_counts_only_while_its_file_is_there(monkeypatch: pytest.MonkeyPatch, passphrase: Path) -> None:
    assert not has_passphrase()
    monkeypatch.setenv("PULUMI_CONFIG_PASSPHRASE_FILE", str(passphrase))
    assert not has_passphrase()
    passphrase.write_text("p")
    assert has_passphrase()


def test_own_passphrase_is_known_by_another_path_too(monkeypatch: pytest.MonkeyPatch, passphrase: Path) -> None:
    monkeypatch.chdir(passphrase.parent)
    monkeypatch.setenv("PULUMI_CONFIG_PASSPHRASE_FILE", ".passphrase")
    assert not has_passphrase()


@pytest.mark.parametrize(
    ("name", "value"), [("PULUMI_CONFIG_PASSPHRASE", "p"), ("PULUMI_CONFIG_PASSPHRASE_FILE", "/run/secrets/passphrase")]
)
def test_passphrase_that_the_environment_gives_counts(
    monkeypatch: pytest.MonkeyPatch, passphrase: Path, name: str, value: str
) -> None:
    monkeypatch.setenv(name, value)
    assert has_passphrase()
    assert not passphrase.exists()


def test_free_space_of_a_missing_folder_is_its_parent_s(tmp_path: Path) -> None:
    assert free_gib(tmp_path / "not" / "yet") == pytest.approx(free_gib(tmp_path), abs=1)
