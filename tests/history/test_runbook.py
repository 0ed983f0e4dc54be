"""Sections of the runbook that other tests do not cover, followed to the letter."""

import re
import secrets
from collections.abc import Iterator

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


@pytest.fixture
def second_stack(gateway: Project) -> Iterator[str]:
    """A stack of the same state and passphrase that has a secret and nothing else."""
    name = f"{gateway.stack}-second"
    gateway.must("stack", "init", name, "--no-select")
    command = ("pulumi", "config", "set", "--secret", "--stack", name, "secret", "kept")
    assert gateway.run(command).exit_code == 0
    yield name
    assert gateway.run(("pulumi", "stack", "rm", "--yes", name)).exit_code == 0


def test_a_compromised_passphrase_is_replaced_for_every_stack(gateway: Project, second_stack: str) -> None:
    passphrase = gateway.folder / "passphrase"
    before = passphrase.read_text()
    told = run(gateway, COMPROMISED[3])
    for stack in (gateway.stack, second_stack):
        assert f"the new passphrase opens {stack}\n" in told
    assert passphrase.with_name("passphrase.old").read_text() == before
    assert passphrase.read_text() != before
    wrong = gateway.pulumi("stack", "output", "--show-secrets", environment={"PULUMI_CONFIG_PASSPHRASE": before})
    assert wrong.exit_code != 0
    secrets_of_second = gateway.run(("pulumi", "config", "--show-secrets", "--stack", second_stack))
    assert "kept" in secrets_of_second.output
    gateway.expect_no_changes()
    passphrase.with_name("passphrase.old").unlink()


def test_the_recovery_copy_of_the_salt_key_is_the_salt_key(gateway: Project) -> None:
    (copy,) = blocks("A recovery copy of the salt key")
    assert f"sk-{run(gateway, copy).strip()}" == salt_key(gateway)
