"""What is left of a stack that is gone."""

import pytest

from ops.update.remove import protected, without_salt

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


def test_a_stack_that_protects_one_resource_is_protected() -> None:
    assert protected({"resources": [{"urn": "volume", "protect": True}, {"urn": "network"}]})


@pytest.mark.parametrize("deployment", [None, {}, {"resources": None}, {"resources": [{"urn": "network"}]}])
def test_a_stack_without_protected_resources_may_go(deployment: dict[str, object] | None) -> None:
    assert not protected(deployment)
