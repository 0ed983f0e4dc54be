"""A state is made anew only where it is lost, and with the secrets that run."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from components.engine.ownership import EngineObject, ObjectKind
from ops.errors import OperationError
from ops.repair import lost_state
from ops.repair.lost_state import (
    RAW_STATE_DELTA,
    identity_on_engine,
    keepers,
    parse_secrets,
    rebuild_state,
    require_lost,
    with_keepers,
)

OBJECT = EngineObject(ObjectKind.VOLUME, "gateway-dev-identity-0a1b2", "gateway-dev-identity-0a1b2", "0" * 16)


def test_an_engine_without_the_stack_leads_to_the_page() -> None:
    with pytest.raises(OperationError, match=r"^nothing of dev is on this engine: .*docs/runbook\.md"):
        require_lost("dev", [])


def test_parts_of_two_states_are_refused() -> None:
    with pytest.raises(OperationError, match="two states made parts here, so neither can be taken over"):
        require_lost("dev", [OBJECT, replace(OBJECT, identity="f" * 16)])


def test_a_state_that_is_still_there_is_not_lost(tmp_path: Path) -> None:
    object_ = replace(OBJECT, made_by=f"ann@there in /srv with file://{tmp_path}")
    require_lost("dev", [object_])
    state = tmp_path / ".pulumi" / "stacks" / "gateway" / "dev.json"
    state.parent.mkdir(parents=True)
    state.touch()
    with pytest.raises(OperationError, match=rf"^dev: its state is not lost, {state} has it; set PULUMI_BACKEND_URL"):
        require_lost("dev", [object_])


def test_secrets_are_read_from_the_file_of_a_replica() -> None:
    text = (
        "export DATABASE_URL=postgresql://litellm:database@postgres:5432/litellm\n"
        "export LITELLM_MASTER_KEY=sk-master\n"
        "export LITELLM_SALT_KEY='given salt, key'\n"
        "export PRIVATE_KEY='-----BEGIN\na=b\n-----END'\n"
    )
    assert parse_secrets(text) == {
        "salt-key": "given salt, key",
        "master-key": "master",
        "postgres-password": "database",
    }
    assert parse_secrets(f"{text}export REDIS_PASSWORD=redis\n")["redis-password"] == "redis"


def test_keepers_are_those_that_the_program_asks_for() -> None:
    assert keepers(None, 1) == {}
    assert keepers(identity_on_engine([OBJECT]), 3) == {
        "salt-key": {"identity": "0" * 16},
        "master-key": {"generation": "3"},
    }
    assert identity_on_engine([replace(OBJECT, identity=None)]) is None


def test_only_the_named_secrets_get_keepers() -> None:
    def secret(name: str) -> dict[str, Any]:
        return {"urn": f"u::{name}", "inputs": {"length": 64}, "outputs": {"length": 64, RAW_STATE_DELTA: {}}}

    resources = [{"urn": "u::secrets"}, secret("salt-key"), secret("redis-password")]
    state = with_keepers({"version": 3, "deployment": {"resources": resources}}, {"salt-key": {"identity": "0"}})
    with_identity = {"length": 64, "keepers": {"identity": "0"}}
    assert state["version"] == 3
    assert state["deployment"]["resources"] == [
        {"urn": "u::secrets"},
        {"urn": "u::salt-key", "inputs": with_identity, "outputs": with_identity},
        secret("redis-password"),
    ]


def test_no_state_is_made_for_a_file_without_a_generation(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (file := tmp_path / "Pulumi.dev.yaml").write_text("config:\n  gateway:master_key_generation: two\n")
    monkeypatch.setattr(lost_state, "configuration_file", lambda _: file)
    monkeypatch.setattr(lost_state, "require_passphrase", lambda: pytest.fail("it went on"))
    with pytest.raises(OperationError, match="master_key_generation: should be a whole number, not 'two'"):
        rebuild_state("dev", yes=True)
