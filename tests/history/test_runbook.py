"""Sections of the runbook that other tests do not cover, followed to the letter."""

import re
import secrets

import httpx
import pytest

from testbed.gateway import new_key
from testbed.project import Project
from tests.history.client import Client
from tests.history.runbook import blocks, run, salt_key

COMPROMISED = blocks("Another key is known to others")


def status(proxy: httpx.Client, key: str) -> int:
    """Return the status of a request with the key."""
    return proxy.get("/v1/models", headers={"Authorization": f"Bearer {key}"}).status_code


@pytest.fixture
def key(proxy: httpx.Client) -> str:
    """A virtual key that has become known to others."""
    return new_key(proxy, f"known-{secrets.token_hex(4)}")


def test_a_compromised_virtual_key_is_replaced(gateway: Project, proxy: httpx.Client, key: str) -> None:
    assert status(proxy, key) == 200
    told = run(gateway, COMPROMISED[0], **{"sk-THE-KEY": key})
    (successor,) = re.findall(r'"key":\s*"(sk-[^"]+)"', told)
    assert status(proxy, key) == 401
    assert status(proxy, successor) == 200
    run(gateway, COMPROMISED[1], **{"sk-THE-KEY": key})


def test_a_compromised_provider_key_is_replaced(gateway: Project, client: Client) -> None:
    replacement = secrets.token_hex(16)
    assert "working" in run(gateway, COMPROMISED[2], replacement)
    assert replacement in gateway.file("litellm-1", "/run/secrets/environment").decode()
    assert replacement not in gateway.config_file.read_text()
    client.ask()


def test_a_compromised_passphrase_is_replaced(gateway: Project) -> None:
    before = (gateway.folder / "passphrase").read_text()
    assert "the new passphrase opens it" in run(gateway, COMPROMISED[3])
    wrong = gateway.pulumi("stack", "output", "--show-secrets", environment={"PULUMI_CONFIG_PASSPHRASE": before})
    assert wrong.exit_code != 0
    gateway.expect_no_changes()


def test_the_recovery_copy_of_the_salt_key_is_the_salt_key(gateway: Project) -> None:
    (copy,) = blocks("A recovery copy of the salt key")
    assert f"sk-{run(gateway, copy).strip()}" == salt_key(gateway)
