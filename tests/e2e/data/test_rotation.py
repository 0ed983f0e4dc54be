"""The master key is replaced on a running gateway: nothing that LiteLLM stored is lost, and no other key changes."""

import httpx
import pytest

from testbed.completion import status
from testbed.project import Project
from tests.e2e.data.stored_key import StoredKey, new_stored_key

MODEL = "stored-before-the-rotation"
CREDENTIAL = "sk-a-credential-stored-before"
GENERATION = "gateway:master_key_generation"


@pytest.fixture
def stored(gateway: Project, proxy: httpx.Client) -> StoredKey:
    """A virtual key, and a stored model whose credential is encrypted."""
    return new_stored_key(gateway, proxy, MODEL, CREDENTIAL)


def test_after_a_rotation_only_the_old_master_key_is_refused(gateway: Project, stored: StoredKey) -> None:
    url, old_key = stored.url, gateway.output("master_key")
    generation = gateway.config.get(GENERATION, 1)
    at_rest = f"""select litellm_params from "LiteLLM_ProxyModelTable" where model_name = '{MODEL}'"""
    before, salt_key = gateway.sql(at_rest), salt_of(gateway)

    with stored.asking() as caller:
        result = gateway.ops("rotate", gateway.stack, "--yes")
    assert result.exit_code == 0, result.output
    print(f"\nthe rotation took {result.seconds:.0f} s, {len(caller.results)} requests meanwhile")

    new_key = gateway.output("master_key")
    assert new_key != old_key
    assert status(url, old_key, MODEL) == 401
    assert status(url, new_key, MODEL) == 200
    assert stored.works()
    assert gateway.sql(at_rest) == before
    assert salt_of(gateway) == salt_key
    assert CREDENTIAL not in before
    assert len(caller.results) > 20
    assert caller.failures == []

    (answered,) = [line for line in result.output.splitlines() if "answered before and after" in line]
    assert MODEL in answered
    assert f"pulumi stack output master_key --show-secrets --stack {gateway.stack}" in result.output
    assert [key for key in (old_key, new_key, stored.key, salt_key) if key in result.output] == []
    assert gateway.config[GENERATION] == generation + 1
    assert gateway.sql("""select count(*) from "LiteLLM_VerificationToken" where expires is not null""") == "0"
    gateway.expect_no_changes()


def salt_of(gateway: Project) -> str:
    """Return the salt key that the replica has."""
    text = gateway.file("litellm-1", "/run/secrets/environment").decode()
    (line,) = [line for line in text.splitlines() if "LITELLM_SALT_KEY" in line]
    return line.removeprefix("export LITELLM_SALT_KEY=")


def test_a_rotation_that_is_not_confirmed_changes_nothing(gateway: Project) -> None:
    before, key = gateway.config_file.read_text(), gateway.output("master_key")
    result = gateway.ops("rotate", gateway.stack)
    assert result.exit_code != 0
    assert "Replace the master key" in result.output
    assert gateway.config_file.read_text() == before
    assert gateway.output("master_key") == key
