"""Pages of the runbook that no verb's own tests cover, followed to the letter."""

import re
import secrets

import httpx
import pytest
import yaml

from tests.e2e.project import Project
from tests.history.client import Client
from tests.history.runbook import blocks, run

COMPROMISED = blocks("Another key is known to others")


def status(proxy: httpx.Client, key: str) -> int:
    return proxy.get("/v1/models", headers={"Authorization": f"Bearer {key}"}).status_code


@pytest.fixture
def key(proxy: httpx.Client) -> str:
    """A virtual key that has become known."""
    return str(proxy.post("/key/generate", json={"key_alias": f"known-{secrets.token_hex(4)}"}).json()["key"])


def salt_key(gateway: Project) -> str:
    (found,) = re.findall(r"LITELLM_SALT_KEY=(\S+)", gateway.file("litellm-1", "/run/secrets/environment").decode())
    return str(found)


def test_a_known_virtual_key_is_refused_and_has_a_successor(gateway: Project, proxy: httpx.Client, key: str) -> None:
    assert status(proxy, key) == 200
    told = run(gateway, COMPROMISED[0], **{"sk-THE-KEY": key})
    (successor,) = re.findall(r'"key":\s*"(sk-[^"]+)"', told)
    assert status(proxy, key) == 401
    assert status(proxy, successor) == 200
    run(gateway, COMPROMISED[1], **{"sk-THE-KEY": key})


def test_a_known_provider_s_key_is_replaced(gateway: Project, client: Client) -> None:
    replacement = secrets.token_hex(16)
    assert "working" in run(gateway, COMPROMISED[2], replacement)
    assert replacement in gateway.file("litellm-1", "/run/secrets/environment").decode()
    assert replacement not in gateway.config_file.read_text()
    client.ask()


def test_a_known_passphrase_is_replaced(gateway: Project) -> None:
    before = (gateway.folder / "passphrase").read_text()
    assert "the new passphrase opens it" in run(gateway, COMPROMISED[3])
    wrong = gateway.pulumi("stack", "output", "--show-secrets", PULUMI_CONFIG_PASSPHRASE=before)
    assert wrong.exit_code != 0
    gateway.must("preview", "--expect-no-changes")


def test_a_copy_of_the_salt_key_is_the_salt_key(gateway: Project) -> None:
    (copy,) = blocks("A recovery copy of the salt key")
    assert f"sk-{run(gateway, copy).strip()}" == salt_key(gateway)


def test_without_the_passphrase_a_new_stack_has_the_data_and_its_old_keys_work(
    gateway: Project, client: Client
) -> None:
    save, dump, remove, begin, bring_back = blocks("The passphrase is lost")
    before, kept = salt_key(gateway), client.kept()
    gateway.environment["PULUMI_CONFIG_PASSPHRASE_FILE"] = "/dev/null"
    run(gateway, save)
    run(gateway, dump)
    run(gateway, remove)

    document = yaml.safe_load(gateway.config_file.read_text())
    document.pop("encryptionsalt")
    document["config"].pop("gateway:keys", None)
    gateway.config_file.write_text(yaml.safe_dump(document))
    gateway.environment["PULUMI_CONFIG_PASSPHRASE_FILE"] = str(gateway.folder / "passphrase")
    run(gateway, begin, **{r"bootstrap/run.*": "mkdir state; head -c 24 /dev/urandom | base64 > passphrase"})

    (name,) = [file.stem for file in (gateway.folder / "saved-dumps").glob("*manual*.dump")][-1:]
    run(gateway, bring_back, secrets.token_hex(16), NAME=name, **{"--drop-old": "--drop-old --yes"})
    assert salt_key(gateway) == before
    assert not list(gateway.folder.glob("sa*-*key*"))
    client.proxy_url = gateway.output("proxy_url")
    client.ask()
    after = client.kept()
    assert (after.keys, after.models) == (kept.keys, kept.models)
    assert after.spend_logs >= kept.spend_logs
