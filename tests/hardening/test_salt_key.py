"""Salt key: a preview that would replace or delete it fails, and names the consequence."""

import json
from pathlib import Path

import pytest

from components.secrets import SALT_KEY_IS_KEPT
from testbed.project import Project

WITHOUT_SALT_KEY = Path(__file__).with_name("program_without_salt_key.py")


@pytest.fixture(scope="module")
def salt_key(gateway: Project) -> str:
    """The URN of the salt key."""
    state = json.loads(gateway.must("stack", "export").output)
    urns = [str(resource["urn"]) for resource in state["deployment"]["resources"]]
    return next(urn for urn in urns if urn.endswith("::salt-key"))


def test_a_preview_that_replaces_the_salt_key_fails(gateway: Project, salt_key: str) -> None:
    result = gateway.pulumi("preview", "--target-replace", salt_key)
    assert result.exit_code != 0
    assert SALT_KEY_IS_KEPT in result.output
    assert "Traceback" not in result.output


def test_a_preview_of_a_program_without_the_salt_key_fails(gateway: Project) -> None:
    result = gateway.pulumi("preview", program=WITHOUT_SALT_KEY)
    assert "another-key" in result.output
    assert result.exit_code != 0
    assert SALT_KEY_IS_KEPT in result.output


def test_a_preview_of_the_removal_fails(gateway: Project) -> None:
    result = gateway.pulumi("destroy", "--preview-only", "--run-program")
    assert result.exit_code != 0
    assert SALT_KEY_IS_KEPT in result.output


def test_a_removal_deletes_nothing_while_the_salt_key_is_kept(gateway: Project) -> None:
    before = {container.id for container in gateway.containers()}
    # Previewed first: a removal that nothing refuses would take the gateway from other tests.
    for how in (["--preview-only"], ["--yes", "--skip-preview"]):
        result = gateway.pulumi("destroy", *how)
        assert result.exit_code != 0
        assert "keep-salt-key" in result.output
    assert {container.id for container in gateway.containers()} == before
