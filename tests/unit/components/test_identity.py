"""A stack of this name that another state made is refused before anything is created."""

import pulumi
import pulumi_random as random
import pytest

from components.engine.ownership import EngineObject, ObjectKind
from components.identity import checked_identity, identity_of, refuse_second_state, require_own
from components.secrets import SALT_KEY_IS_KEPT
from tests.unit.program import record

IDENTITY = identity_of("generated-salt-key", None)
OWN = EngineObject(ObjectKind.NETWORK, "1", "gateway-test-data", IDENTITY)
UNLABELLED = EngineObject(ObjectKind.VOLUME, "gateway-test-data-1", "gateway-test-data-1")
FOREIGN = EngineObject(
    ObjectKind.VOLUME, "gateway-test-identity", "gateway-test-identity", "f" * 16, "ann@there in /srv"
)


def checked(monkeypatch: pytest.MonkeyPatch, *objects: EngineObject, preview: bool = False) -> tuple[list[str], bool]:
    """Return the identity of a stack whose engine has these objects, once it is known, and whether it is a secret."""
    known: list[str] = []

    def body() -> None:
        identity = checked_identity(random.RandomPassword("salt-key", length=64), "test", objects)
        identity.apply(known.append)
        pulumi.export("identity", identity)

    return known, bool(record(monkeypatch, "test", body, preview=preview).secret_exports)


def test_identity_comes_from_the_generated_salt_key_and_does_not_show_it() -> None:
    assert len({IDENTITY, identity_of("another", None)}) == 2
    assert len(IDENTITY) == len("0123456789abcdef")
    assert identity_of("another", {"identity": IDENTITY}) == IDENTITY
    assert identity_of("generated-salt-key", {"generation": "2"}) == IDENTITY


def test_own_and_unlabelled_parts_are_accepted(monkeypatch: pytest.MonkeyPatch) -> None:
    assert checked(monkeypatch, OWN, UNLABELLED) == ([IDENTITY], False)


def test_identity_of_a_state_is_known_at_a_preview(monkeypatch: pytest.MonkeyPatch) -> None:
    assert checked(monkeypatch, preview=True) == ([IDENTITY], False)


def test_object_of_another_identity_refuses_the_stack() -> None:
    with pytest.raises(pulumi.RunError, match=r"another stack named test .*gateway-test-identity.* by ann@there"):
        require_own(IDENTITY, "test", [OWN, FOREIGN])


@pytest.mark.parametrize("object_", [OWN, UNLABELLED, FOREIGN], ids=["own", "unlabelled", "foreign"])
def test_state_without_a_salt_key_is_refused_where_anything_is(
    monkeypatch: pytest.MonkeyPatch, object_: EngineObject
) -> None:
    with pytest.raises(pulumi.RunError, match="this engine has parts of another stack named test") as refused:
        first_update(monkeypatch, object_)
    assert str(refused.value).endswith(f"; if this state made them, {SALT_KEY_IS_KEPT}")


def test_first_update_on_an_empty_engine_is_accepted(monkeypatch: pytest.MonkeyPatch) -> None:
    first_update(monkeypatch)


def first_update(monkeypatch: pytest.MonkeyPatch, *objects: EngineObject) -> None:
    """Run what Pulumi runs before it generates the salt key, at a preview too."""
    made: list[pulumi.ResourceHook] = []
    record(monkeypatch, "test", lambda: made.append(refuse_second_state("test", objects)))
    (hook,) = made
    assert hook.opts is not None
    assert hook.opts.on_dry_run
    hook.callback(pulumi.ResourceHookArgs("urn", "", "salt-key", "type"))
