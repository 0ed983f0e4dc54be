"""A change is reviewed, held to what was reviewed, found again in the history, and taken back."""

import httpx
import pytest

from tests.e2e.project import Project
from tests.e2e.test_rotate import Traffic

SETTING = "gateway:litellm.config.cooldown_time"
CONFIG = "/etc/gateway/config.yaml"
KEY = "sk-a-key-of-a-provider"


@pytest.fixture(scope="module")
def committed(gateway: Project) -> str:
    """The project under git; its commit."""
    commit = gateway.put_under_git()
    gateway.must("config", "set", "--secret", "--path", "gateway:keys.OLLAMA_API_KEY", KEY)
    return commit


@pytest.mark.usefixtures("committed")
def test_a_preview_says_in_words_what_an_update_would_do_and_shows_no_secret(gateway: Project) -> None:
    gateway.change(SETTING, 71)
    result = gateway.ops("preview", gateway.stack, "--save-plan", "reviewed.json")
    assert result.exit_code == 0, result.output
    words = result.output.partition("\ncontainers:\n")[2]
    assert "litellm-1  replaced, the new one beside the old: config.yaml, secrets" in words
    assert "  +  cooldown_time: 71" in words
    assert "migration: none runs" in words
    assert "requests at risk: none" in words
    secrets = [KEY, gateway.output("master_key"), (gateway.folder / "passphrase").read_text()]
    plan = (gateway.folder / "reviewed.json").read_text()
    assert [secret for secret in secrets if secret in result.output + plan] == []


def test_what_was_not_reviewed_is_refused_without_a_secret_and_nothing_is_changed(gateway: Project) -> None:
    before = [container.id for container in gateway.containers()]
    versions = len(gateway.history())
    gateway.change(SETTING, 72)
    refused = gateway.ops("up", gateway.stack, "--plan", "reviewed.json")
    assert refused.exit_code != 0
    assert f"error: nothing was changed: what would be done now differs in {SETTING} " in refused.output
    gateway.change(SETTING, 71)
    gateway.must("config", "set", "--secret", "--path", "gateway:keys.OLLAMA_API_KEY", "sk-another")
    refused = gateway.ops("up", gateway.stack, "--plan", "reviewed.json")
    assert "differs in gateway:keys.OLLAMA_API_KEY from what was reviewed" in refused.output
    for secret in (gateway.output("master_key"), "sk-another", "DATABASE_URL"):
        assert secret not in refused.output
    assert [container.id for container in gateway.containers()] == before
    assert len(gateway.history()) == versions


def test_what_was_reviewed_is_applied_and_found_in_the_history(gateway: Project, committed: str) -> None:
    gateway.must("config", "set", "--secret", "--path", "gateway:keys.OLLAMA_API_KEY", KEY)
    result = gateway.ops("preview", gateway.stack, "--save-plan", "reviewed.json")
    assert result.exit_code == 0, result.output
    result = gateway.ops("up", gateway.stack, "--plan", "reviewed.json", "--message", "a longer cooldown")
    assert result.exit_code == 0, result.output
    assert b"cooldown_time: 71" in gateway.file("litellm-1", CONFIG)
    entry = gateway.history()[-1]
    assert (entry["message"], entry["commit"], entry["result"]) == ("a longer cooldown", committed, "succeeded")
    assert str(entry["who"]).partition("@")[0]
    assert f"{SETTING} 61 → 71" in entry["settings_changed"] or f"{SETTING} unset → 71" in entry["settings_changed"]
    assert "gateway:keys.OLLAMA_API_KEY (secret)" in entry["settings_changed"]


def test_a_rollback_gives_the_same_config_yaml_and_image_and_costs_no_request(
    gateway: Project, proxy: httpx.Client
) -> None:
    target = gateway.history()[-1]["version"]
    then, image = gateway.file("litellm-1", CONFIG), gateway.container("litellm-1").image
    models = gateway.sql("""select count(*) from "LiteLLM_ProxyModelTable" """)
    gateway.change(SETTING, 73)
    (gateway.folder / "components" / "data" / "redis.py").write_text(
        (gateway.folder / "components" / "data" / "redis.py").read_text() + "\n# A later commit.\n"
    )
    gateway.commit("later")
    gateway.must("up", "--yes", "--skip-preview")
    assert b"cooldown_time: 73" in gateway.file("litellm-1", CONFIG)

    with Traffic(gateway.output("proxy_url"), gateway.output("master_key"), "gpt-oss-20b-cloud") as traffic:
        result = gateway.ops("rollback", gateway.stack, "--to", str(target), "--yes")
    assert result.exit_code == 0, result.output
    assert gateway.file("litellm-1", CONFIG) == then
    assert gateway.container("litellm-1").image == image
    assert gateway.sql("""select count(*) from "LiteLLM_ProxyModelTable" """) == models
    assert [answer for answer in traffic.results if answer != 200] == []
    assert len(traffic.results) > 20
    assert [secret for secret in (KEY, gateway.output("master_key")) if secret in result.output] == []
    entry = gateway.history()[-1]
    assert (entry["message"], entry["result"]) == (f"rollback to version {target}", "succeeded")
    assert not (gateway.folder / ".cache" / "worktrees").exists() or not list(
        (gateway.folder / ".cache" / "worktrees").iterdir()
    )


def test_a_version_that_does_not_exist_is_refused_in_one_sentence(gateway: Project) -> None:
    result = gateway.ops("rollback", gateway.stack, "--to", "999", "--yes")
    assert result.exit_code != 0
    assert result.output.strip().startswith("error: there is no version 999; versions are 1 to ")
    gateway.change(SETTING, 60)
    gateway.must("up", "--yes", "--skip-preview")
    gateway.must("preview", "--expect-no-changes")
