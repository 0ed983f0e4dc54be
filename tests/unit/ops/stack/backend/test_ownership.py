"""What another state made is refused in one sentence."""

import json
from typing import Any

import pytest

from components.engine.ownership import EngineObject, ObjectKind
from components.identity import identity_of
from ops.errors import OperationError
from ops.stack.backend import ownership
from ops.stack.backend.ownership import find_ownership, require_no_objects
from ops.stack.engines.docker import DockerStack
from ops.stack.state import PASSWORD

IDENTITY = identity_of("hush", None)
NETWORK = EngineObject(ObjectKind.NETWORK, "n", "gateway-dev-data-network-00000", IDENTITY)
POSTGRES = EngineObject(
    ObjectKind.CONTAINER, "p", "gateway-dev-postgres", joined=frozenset({NETWORK.name}), identity=IDENTITY
)


def deployment(salt_key: str, *, keepers: dict[str, str] | None = None) -> dict[str, Any]:
    """A state with nothing but a salt key."""
    outputs = {"result": {"mark": "secret", "plaintext": json.dumps(salt_key)}, "keepers": keepers}
    return {"resources": [{"urn": "u::salt-key", "type": PASSWORD, "id": "none", "outputs": outputs}]}


@pytest.fixture(autouse=True)
def objects(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ownership, "stack_objects", lambda _: (NETWORK, POSTGRES))


def test_parts_of_the_state_s_identity_are_its_own() -> None:
    find_ownership("dev", deployment("hush")).require_own()
    find_ownership("dev", deployment("another", keepers={"identity": IDENTITY})).require_own()


@pytest.mark.parametrize("state", [None, {}, deployment("another")], ids=["none", "empty", "another"])
def test_any_other_state_is_refused(state: dict[str, Any] | None) -> None:
    found = find_ownership("dev", state)
    assert found.foreign == found.objects
    with pytest.raises(
        OperationError, match=r"^dev: this engine has parts of another stack named dev \(1 container, 1"
    ):
        found.require_own()


def test_a_name_whose_parts_run_is_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(OperationError, match="another stack named dev"):
        require_no_objects("dev")
    monkeypatch.setattr(ownership, "stack_objects", lambda _: ())
    require_no_objects("dev")


def test_a_name_without_a_file_is_asked_of_the_given_engine(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(DockerStack, "objects", lambda _: (NETWORK, POSTGRES))
    with pytest.raises(OperationError, match="another stack named not-yet-written"):
        require_no_objects("not-yet-written", DockerStack("not-yet-written"))
    monkeypatch.setattr(DockerStack, "objects", lambda _: ())
    require_no_objects("not-yet-written", DockerStack("not-yet-written"))
