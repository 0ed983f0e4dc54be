"""What is left of a stack that is gone."""

import json
from types import SimpleNamespace

import pytest

from components.engine.ownership import EngineObject, ObjectKind
from components.identity import identity_of
from ops.stack.state import PASSWORD
from ops.update import remove
from ops.update.remove import without_salt

CONFIG = "config:\n  gateway:protect: 'true'\n"
SALT = "encryptionsalt: v1:abc=:v1:def:ghi==\n"


def test_the_salt_that_pulumi_wrote_goes_with_the_stack() -> None:
    assert without_salt(SALT + CONFIG) == CONFIG
    assert without_salt(CONFIG + SALT) == CONFIG


def test_the_salt_stays_where_secrets_depend_on_it() -> None:
    text = f"{SALT}config:\n  gateway:keys:\n    OLLAMA_API_KEY:\n      secure: v1:x:y\n"
    assert without_salt(text) == text


def test_a_configuration_without_salt_stays_as_it_is() -> None:
    assert without_salt(CONFIG) == CONFIG


def test_the_word_elsewhere_is_no_salt() -> None:
    text = "# encryptionsalt: is written by Pulumi\nconfig:\n  other:encryptionsalt: mine\n"
    assert without_salt(text) == text


def test_only_what_a_killed_update_of_this_identity_left_is_removed(monkeypatch: pytest.MonkeyPatch) -> None:
    own = identity_of("hush", None)

    def container(id_: str, identity: str | None) -> EngineObject:
        return EngineObject(ObjectKind.CONTAINER, id_, id_, identity)

    objects = [container("known", own), container("left", own), container("theirs", "f" * 16), container("loose", None)]
    objects.append(EngineObject(ObjectKind.VOLUME, "data", "data", own))
    removed: list[str] = []

    engine = SimpleNamespace(objects=lambda: objects, remove=lambda object_: removed.append(object_.id))
    monkeypatch.setattr(remove, "stack_engine", lambda _: engine)
    salt_key = {"result": {"mark": "secret", "plaintext": json.dumps("hush")}}
    deployment = {
        "resources": [
            {"urn": "u::salt-key", "type": PASSWORD, "id": "none", "outputs": salt_key},
            {"urn": "u::edge", "type": "docker:index/container:Container", "id": "known"},
        ]
    }
    remove.remove_left("dev", deployment, ObjectKind.CONTAINER)
    assert removed == ["left"]
    remove.remove_left("dev", {}, *ObjectKind)
    assert removed == ["left"]
