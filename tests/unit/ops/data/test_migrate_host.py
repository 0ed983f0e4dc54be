"""What is kept of a state whose engine is gone."""

import json
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from ops.data import migrate_host
from ops.errors import OperationError

URN = "urn:pulumi:prod::gateway::"
STATE: dict[str, Any] = {
    "version": 3,
    "deployment": {
        "secrets_providers": {"type": "passphrase"},
        "pending_operations": [{"type": "creating"}],
        "resources": [
            {"urn": f"{URN}stack", "type": "pulumi:pulumi:Stack"},
            {"urn": f"{URN}provider", "type": "pulumi:providers:random"},
            {"urn": f"{URN}secrets", "type": "gateway:index:Secrets"},
            {"urn": f"{URN}salt-key", "type": "random:index/randomPassword:RandomPassword", "protect": True},
            {"urn": f"{URN}postgres", "type": "gateway:index:Postgres"},
            {"urn": f"{URN}postgres-data", "type": "docker:index/volume:Volume", "protect": True},
            {"urn": f"{URN}edge", "type": "docker:index/container:Container"},
        ],
    },
}


class Stack:
    """Stands in for Pulumi's."""

    name = "prod"

    def __init__(self) -> None:
        self.imported: dict[str, Any] | None = None
        self.updated = False
        command = SimpleNamespace(run=self.run)
        self.workspace = SimpleNamespace(pulumi_command=command, work_dir=".", env_vars={})

    def run(self, arguments: list[str], *_: object) -> SimpleNamespace:
        assert "--show-secrets" not in arguments
        if arguments[1] == "import":
            self.imported = json.loads(Path(arguments[3]).read_text())
        return SimpleNamespace(stdout=json.dumps(STATE))

    def up(self, *, message: str, **_: object) -> None:
        assert message.startswith("deploy on a new host\n")
        self.updated = True


def test_the_secrets_are_kept_and_what_stood_on_the_engine_is_not() -> None:
    kept = migrate_host.without_engine(STATE)["deployment"]
    assert [each["urn"].removeprefix(URN) for each in kept["resources"]] == ["stack", "provider", "secrets", "salt-key"]
    assert kept["pending_operations"] == []
    assert kept["secrets_providers"] == STATE["deployment"]["secrets_providers"]


def test_a_stack_is_made_anew_with_the_state_that_is_left(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(migrate_host, "parts_on_engine", lambda _: [])
    stack = Stack()
    migrate_host.migrate_host("prod", stack)  # type: ignore[arg-type]
    assert stack.imported == migrate_host.without_engine(STATE)
    assert stack.updated


def test_an_engine_that_has_parts_of_the_stack_is_no_new_host(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(migrate_host, "parts_on_engine", lambda _: ["gateway-prod-postgres"])
    stack = Stack()
    with pytest.raises(OperationError, match=r"^this engine has parts of prod, gateway-prod-postgres among them"):
        migrate_host.migrate_host("prod", stack)  # type: ignore[arg-type]
    assert (stack.imported, stack.updated) == (None, False)
