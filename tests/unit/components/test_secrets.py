"""The secrets that a stack generates."""

import pulumi
import pytest

from components.secrets import Secrets, SecretsArgs
from tests.unit.program import PASSWORD, Program, record

NAMES = ("master-key", "salt-key", "postgres-password", "redis-password")


def generated(monkeypatch: pytest.MonkeyPatch, *, protect: bool = True, generation: int = 1) -> Program:
    """Generate the secrets and export them."""

    def body() -> None:
        secrets = Secrets("secrets", SecretsArgs(protect=protect, master_key_generation=generation))
        outputs = {name: getattr(secrets, name.replace("-", "_")) for name in NAMES}
        pulumi.Output.all(**outputs).apply(values.update)
        for name, output in outputs.items():
            pulumi.export(name, output)

    values: dict[str, str] = {}
    program = record(monkeypatch, "test", body)
    program.exports.update(values)
    return program


def test_salt_key_refuses_deletion_and_replacement(monkeypatch: pytest.MonkeyPatch) -> None:
    options = generated(monkeypatch).options("salt-key", PASSWORD)
    assert options.protect is True
    assert list(options.hooks.before_delete) == ["keep-salt-key"]
    assert {"length", "special", "keepers"} <= set(options.ignoreChanges)


def test_unprotected_salt_key_can_be_deleted_and_not_replaced(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    options = generated(monkeypatch, protect=False).options("salt-key", PASSWORD)
    assert options.protect is False
    # A hook would have to run at each end of the stack, with the program that holds it.
    assert list(options.hooks.before_delete) == []
    assert {"length", "special", "keepers"} <= set(options.ignoreChanges)


@pytest.mark.parametrize("name", ["master-key", "postgres-password", "redis-password"])
def test_other_secrets_can_be_replaced(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    options = generated(monkeypatch).options(name, PASSWORD)
    assert (options.protect, list(options.ignoreChanges)) == (False, ["length", "special"])


def test_master_key_and_salt_key_differ_and_start_with_sk(monkeypatch: pytest.MonkeyPatch) -> None:
    exports = generated(monkeypatch).exports
    assert exports["master-key"] == "sk-generated-master-key"
    assert exports["salt-key"] == "sk-generated-salt-key"


@pytest.mark.parametrize("name", NAMES)
def test_secret_is_long_and_needs_no_quoting(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    inputs = generated(monkeypatch).named(name, PASSWORD)
    assert inputs["special"] is False
    assert inputs["length"] >= 40


def test_every_secret_is_encrypted_by_pulumi(monkeypatch: pytest.MonkeyPatch) -> None:
    assert generated(monkeypatch).secret_exports == set(NAMES)


def test_another_generation_replaces_the_master_key_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    first, second, third = (generated(monkeypatch, generation=generation) for generation in (1, 2, 3))
    keepers = [program.named("master-key", PASSWORD).get("keepers") for program in (first, second, third)]
    assert keepers == [None, {"generation": "2"}, {"generation": "3"}]
    for name in set(NAMES) - {"master-key"}:
        assert first.named(name, PASSWORD) == third.named(name, PASSWORD), name
