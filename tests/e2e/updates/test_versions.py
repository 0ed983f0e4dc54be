"""A change is reviewed, held to what was reviewed, found in the history, and undone."""

import re
import shutil
from collections.abc import Iterator

import httpx
import pytest
import yaml

from testbed.completion import MODEL, Caller
from testbed.project import Project
from testbed.repository import Repository, versions

SETTING = "gateway:litellm.config.cooldown_time"
PROVIDER_KEY = "gateway:provider_keys.OLLAMA_API_KEY"
CONFIG = "/etc/gateway/config.yaml"
KEY = "sk-a-key-of-a-provider"
PLAN = "reviewed.json"


@pytest.fixture(scope="module")
def repository(gateway: Project) -> Iterator[Repository]:
    """The project under git."""
    yield Repository(gateway)
    shutil.rmtree(gateway.folder / ".git")


@pytest.fixture
def reviewed(gateway: Project, repository: Repository, restored: None) -> str:
    """A changed setting, a new secret, and the saved plan of both; what the preview printed."""
    gateway.change(SETTING, 71)
    set_key(gateway, KEY)
    return gateway.must_ops("preview", "--save-plan", PLAN)


def set_key(gateway: Project, key: str) -> None:
    """Set the provider's key, encrypted."""
    gateway.must("config", "set", "--secret", "--path", PROVIDER_KEY, key)


def test_a_preview_explains_the_update_and_shows_no_secret(gateway: Project, reviewed: str) -> None:
    words = reviewed.partition("\ncontainers:\n")[2]
    assert re.search(r"litellm-1 +replaced, the new one beside the old: config\.yaml, secrets", words), words
    assert "  +  cooldown_time: 71" in words
    assert "migration: none runs" in words
    assert "requests at risk: none" in words
    secrets = [KEY, gateway.output("master_key"), (gateway.folder / "passphrase").read_text()]
    plan = (gateway.folder / PLAN).read_text()
    assert [secret for secret in secrets if secret in reviewed + plan] == []


@pytest.mark.usefixtures("reviewed")
def test_a_plan_refuses_what_was_not_reviewed_and_changes_nothing(gateway: Project) -> None:
    before = [container.id for container in gateway.containers()]
    count = len(versions(gateway))
    gateway.change(SETTING, 72)
    refused = gateway.ops("up", gateway.stack, "--plan", PLAN)
    assert refused.exit_code != 0
    assert f"error: nothing was changed: what would be done now differs in {SETTING} " in refused.output
    gateway.change(SETTING, 71)
    set_key(gateway, "sk-another")
    refused = gateway.ops("up", gateway.stack, "--plan", PLAN)
    assert f"differs in {PROVIDER_KEY} from what was reviewed" in refused.output
    for secret in (gateway.output("master_key"), "sk-another", "DATABASE_URL"):
        assert secret not in refused.output
    assert [container.id for container in gateway.containers()] == before
    assert len(versions(gateway)) == count


@pytest.mark.usefixtures("reviewed")
def test_a_reviewed_plan_is_applied_and_listed_in_the_history(gateway: Project, repository: Repository) -> None:
    gateway.must_ops("up", "--plan", PLAN, "--message", "a longer cooldown")
    assert b"cooldown_time: 71" in gateway.file("litellm-1", CONFIG)
    entry = versions(gateway)[-1]
    assert (entry["message"], entry["commit"], entry["result"]) == ("a longer cooldown", repository.head, "succeeded")
    assert str(entry["who"]).partition("@")[0]
    assert f"{SETTING} unset → 71" in entry["settings_changed"]
    assert f"{PROVIDER_KEY} (secret)" in entry["settings_changed"]


def test_a_rollback_restores_config_yaml_and_image_and_costs_no_request(
    gateway: Project, proxy: httpx.Client, repository: Repository, restored: None
) -> None:
    gateway.change(SETTING, 74)
    repository.commit("an earlier version")
    gateway.must_ops("up")
    target = versions(gateway)[-1]["version"]
    config_yaml, image = gateway.file("litellm-1", CONFIG), gateway.container("litellm-1").image
    models = gateway.sql("""select count(*) from "LiteLLM_ProxyModelTable" """)
    models_folder = gateway.folder / "stacks" / "models"
    later = models_folder / "added-later.yaml"
    try:
        gateway.change(SETTING, 73)
        entry = yaml.safe_load((models_folder / f"{MODEL}.yaml").read_text())
        later.write_text(yaml.safe_dump(entry | {"model": "added-later"}))
        repository.commit("a later version")
        gateway.up()
        assert b"added-later" in gateway.file("litellm-1", CONFIG)

        with Caller(gateway.output("proxy_url"), gateway.output("master_key"), MODEL) as caller:
            output = gateway.must_ops("rollback", "--to", str(target), "--yes")
    finally:
        later.unlink(missing_ok=True)
    assert gateway.file("litellm-1", CONFIG) == config_yaml
    assert gateway.container("litellm-1").image == image
    assert gateway.sql("""select count(*) from "LiteLLM_ProxyModelTable" """) == models
    assert caller.failures == []
    assert len(caller.results) > 20
    assert gateway.output("master_key") not in output
    entry = versions(gateway)[-1]
    assert (entry["message"], entry["result"]) == (f"rollback to version {target}", "succeeded")
    worktrees = gateway.folder / ".cache" / "worktrees"
    assert not worktrees.exists() or not list(worktrees.iterdir())


@pytest.mark.usefixtures("repository")
def test_a_rollback_to_an_unknown_version_is_refused_in_one_sentence(gateway: Project) -> None:
    result = gateway.ops("rollback", gateway.stack, "--to", "999", "--yes")
    assert result.exit_code != 0
    assert result.output.strip().startswith("error: there is no version 999; versions are 1 to ")
