"""A change is reviewed, held to what was reviewed, found again in the history, and taken back."""

import json
import subprocess

import httpx
import pytest

from tests.e2e.project import Project
from tests.e2e.test_rotate import Traffic

SETTING = "gateway:litellm.config.cooldown_time"
CONFIG = "/etc/gateway/config.yaml"
KEY = "sk-a-key-of-a-provider"


def git(gateway: Project, *arguments: str) -> str:
    identity = ("-c", "user.name=test", "-c", "user.email=test@example.org")
    return subprocess.run(
        ["git", "-C", str(gateway.folder), *identity, *arguments], check=True, capture_output=True, text=True
    ).stdout.strip()


@pytest.fixture(scope="module")
def committed(gateway: Project) -> str:
    """The project under git; its commit."""
    (gateway.folder / ".gitignore").write_text("state/\npassphrase\n.cache/\n__pycache__/\n.venv/\n")
    git(gateway, "init", "--quiet")
    git(gateway, "add", ".")
    git(gateway, "commit", "--quiet", "--message", "begin")
    gateway.must("config", "set", "--secret", "--path", "gateway:keys.OLLAMA_API_KEY", KEY)
    return git(gateway, "rev-parse", "HEAD")


def config_yaml(gateway: Project) -> bytes:
    (replica,) = [each for each in gateway.containers("litellm-1") if each.status == "running"]
    _, text = replica.exec_run(["cat", CONFIG])
    return bytes(text)


def history(gateway: Project) -> list[dict[str, object]]:
    entries: list[dict[str, object]] = json.loads(gateway.ops("history", gateway.stack, "--json").output)
    return entries


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
    versions = len(history(gateway))
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
    assert len(history(gateway)) == versions


def test_what_was_reviewed_is_applied_and_found_in_the_history(gateway: Project, committed: str) -> None:
    gateway.must("config", "set", "--secret", "--path", "gateway:keys.OLLAMA_API_KEY", KEY)
    result = gateway.ops("preview", gateway.stack, "--save-plan", "reviewed.json")
    assert result.exit_code == 0, result.output
    result = gateway.ops("up", gateway.stack, "--plan", "reviewed.json", "--message", "a longer cooldown")
    assert result.exit_code == 0, result.output
    assert b"cooldown_time: 71" in config_yaml(gateway)
    entry = history(gateway)[-1]
    assert (entry["message"], entry["commit"], entry["result"]) == ("a longer cooldown", committed, "succeeded")
    assert str(entry["who"]).partition("@")[0]
    assert f"{SETTING} 61 → 71" in entry["settings_changed"] or f"{SETTING} unset → 71" in entry["settings_changed"]  # type: ignore[operator]
    assert "gateway:keys.OLLAMA_API_KEY (secret)" in entry["settings_changed"]  # type: ignore[operator]


def test_a_rollback_gives_the_same_config_yaml_and_image_and_costs_no_request(
    gateway: Project, proxy: httpx.Client
) -> None:
    target = history(gateway)[-1]["version"]
    then, image = config_yaml(gateway), gateway.container("litellm-1").image
    models = gateway.sql("""select count(*) from "LiteLLM_ProxyModelTable" """)
    gateway.change(SETTING, 73)
    (gateway.folder / "components" / "redis.py").write_text(
        (gateway.folder / "components" / "redis.py").read_text() + "\n# A later commit.\n"
    )
    git(gateway, "commit", "--quiet", "--all", "--message", "later")
    gateway.must("up", "--yes", "--skip-preview")
    assert b"cooldown_time: 73" in config_yaml(gateway)

    with Traffic(gateway.output("proxy_url"), gateway.output("master_key"), "gpt-oss-20b-cloud") as traffic:
        result = gateway.ops("rollback", gateway.stack, "--to", str(target), "--yes")
    assert result.exit_code == 0, result.output
    assert config_yaml(gateway) == then
    assert gateway.container("litellm-1").image == image
    assert gateway.sql("""select count(*) from "LiteLLM_ProxyModelTable" """) == models
    assert [answer for answer in traffic.results if answer != 200] == []
    assert len(traffic.results) > 20
    assert [secret for secret in (KEY, gateway.output("master_key")) if secret in result.output] == []
    entry = history(gateway)[-1]
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
