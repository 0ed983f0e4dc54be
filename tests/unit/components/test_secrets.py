"""The secrets that a stack makes for itself."""

import pulumi
import pytest

from components.secrets import Secrets
from tests.unit.program import PASSWORD, Program, record

NAMES = ("master-key", "salt-key", "postgres-password", "redis-password")


def made(monkeypatch: pytest.MonkeyPatch, *, protect: bool = True, generation: int = 1) -> Program:
    """Make the secrets and export them."""

    def body() -> None:
        secrets = Secrets(protect=protect, master_key_generation=generation)
        for name in NAMES:
            pulumi.export(name, getattr(secrets, name.replace("-", "_")))
            getattr(secrets, name.replace("-", "_")).apply(lambda value, name=name: values.__setitem__(name, value))

    values: dict[str, str] = {}
    program = record(monkeypatch, "test", body)
    program.exports.update(values)
    return program


def test_the_salt_key_refuses_deletion_and_is_never_made_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    options = made(monkeypatch).options("salt-key", PASSWORD)
    assert options.protect is True
    assert list(options.hooks.before_delete) == ["keep-salt-key"]
    assert {"length", "special", "keepers"} <= set(options.ignoreChanges)


def test_the_salt_key_of_a_stack_to_throw_away_can_be_deleted_but_is_never_made_anew(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    options = made(monkeypatch, protect=False).options("salt-key", PASSWORD)
    assert options.protect is False
    # A hook would have to run at each end of the stack, with the program that holds it.
    assert list(options.hooks.before_delete) == []
    assert {"length", "special", "keepers"} <= set(options.ignoreChanges)


@pytest.mark.parametrize("name", ["master-key", "postgres-password", "redis-password"])
def test_other_secrets_can_be_made_anew(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    options = made(monkeypatch).options(name, PASSWORD)
    assert (options.protect, list(options.ignoreChanges)) == (False, [])


def test_the_master_key_and_the_salt_key_are_two_and_begin_as_litellm_expects(monkeypatch: pytest.MonkeyPatch) -> None:
    exports = made(monkeypatch).exports
    assert exports["master-key"] == "sk-generated-master-key"
    assert exports["salt-key"] == "sk-generated-salt-key"


@pytest.mark.parametrize("name", NAMES)
def test_a_secret_needs_no_quoting_and_cannot_be_guessed(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    inputs = made(monkeypatch).named(name, PASSWORD)
    assert inputs["special"] is False
    assert inputs["length"] >= 40


def test_every_secret_is_secret_to_pulumi_too(monkeypatch: pytest.MonkeyPatch) -> None:
    assert made(monkeypatch).secret_exports == set(NAMES)


def test_another_generation_makes_another_master_key_and_nothing_else(monkeypatch: pytest.MonkeyPatch) -> None:
    first, second, third = (made(monkeypatch, generation=generation) for generation in (1, 2, 3))
    keepers = [program.named("master-key", PASSWORD).get("keepers") for program in (first, second, third)]
    assert keepers == [None, {"generation": "2"}, {"generation": "3"}]
    for name in set(NAMES) - {"master-key"}:
        assert first.named(name, PASSWORD) == third.named(name, PASSWORD), name
