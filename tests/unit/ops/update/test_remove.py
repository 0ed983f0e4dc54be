"""What is left of a stack that is gone."""

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
