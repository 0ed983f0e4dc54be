"""The salt key: a preview that would replace or delete it fails, and names the consequence."""

import json

import pytest

from components.secrets import SALT_KEY_IS_KEPT
from tests.e2e.project import Project


@pytest.fixture(scope="module")
def salt_key(gateway: Project) -> str:
    state = json.loads(gateway.must("stack", "export").output)
    urns = [str(resource["urn"]) for resource in state["deployment"]["resources"]]
    return next(urn for urn in urns if urn.endswith("::salt-key"))


def test_a_preview_that_replaces_it_fails_and_names_the_consequence(gateway: Project, salt_key: str) -> None:
    result = gateway.pulumi("preview", "--target-replace", salt_key)
    assert result.exit_code != 0
    assert SALT_KEY_IS_KEPT in result.output
    assert "Traceback" not in result.output


def test_a_preview_of_a_program_without_it_fails_and_names_the_consequence(gateway: Project) -> None:
    program = gateway.folder / "components" / "secrets.py"
    source = program.read_text()
    program.write_text(source.replace('self._generate("salt-key"', 'self._generate("another-key"'))
    try:
        result = gateway.pulumi("preview")
    finally:
        program.write_text(source)
    assert result.exit_code != 0
    assert SALT_KEY_IS_KEPT in result.output


def test_a_preview_of_the_stack_s_end_fails_and_names_the_consequence(gateway: Project) -> None:
    result = gateway.pulumi("destroy", "--preview-only", "--run-program")
    assert result.exit_code != 0
    assert SALT_KEY_IS_KEPT in result.output


def test_the_stack_s_end_deletes_nothing_while_the_salt_key_is_kept(gateway: Project) -> None:
    before = {container.id for container in gateway.containers()}
    # Asked first: an end that nothing refuses would take the gateway from the tests that follow.
    for how in (["--preview-only"], ["--yes", "--skip-preview"]):
        result = gateway.pulumi("destroy", *how)
        assert result.exit_code != 0
        assert "keep-salt-key" in result.output
    assert {container.id for container in gateway.containers()} == before
