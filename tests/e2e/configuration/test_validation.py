"""What LiteLLM rejects fails the update before a replica is touched; a good configuration heals it."""

import httpx

from testbed.completion import CHAT, question
from testbed.project import Project
from tests.e2e.configuration import own_python

CREDENTIALS = [{"credential_name": "wrong", "credential_values": "text", "credential_info": {}}]
"""LiteLLM wants values by name; this project asks only whether there is anything."""


def serves(proxy: httpx.Client) -> bool:
    """Return whether a completion is answered."""
    return proxy.post(f"/llm{CHAT}", json=question("plain")).is_success


def test_rejected_configuration_fails_the_update_twice_and_the_replica_stays(
    gateway: Project, proxy: httpx.Client
) -> None:
    replica, before = gateway.container("litellm-1").id, gateway.config
    gateway.change("gateway:litellm.config_yaml.credential_list", CREDENTIALS)
    for _ in range(2):
        failed = gateway.pulumi("up", "--yes", "--skip-preview")
        assert failed.exit_code != 0
        assert "LiteLLM rejects its configuration; no replica was touched" in failed.output
        assert "credential_values" in failed.output
        assert gateway.container("litellm-1").id == replica
        assert serves(proxy)
    gateway.configure(before)
    gateway.up()
    assert serves(proxy)
    gateway.expect_no_changes()


def test_python_that_cannot_be_imported_fails_the_update_and_the_replica_stays(
    gateway: Project, proxy: httpx.Client
) -> None:
    replica, file = gateway.container("litellm-1").id, gateway.folder / "own" / "callbacks.py"
    file.write_text(own_python.NOT_IMPORTABLE)
    try:
        failed = gateway.pulumi("up", "--yes", "--skip-preview")
        assert failed.exit_code != 0
        assert "a_module_that_nobody_has" in failed.output
        assert gateway.container("litellm-1").id == replica
        assert serves(proxy)
    finally:
        file.write_text(own_python.CALLBACKS)
        gateway.up()
